package dev.bursar.workload;

import dev.bursar.budget.Accruing;
import dev.bursar.budget.HoldId;
import dev.bursar.core.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What runs has used since it started, by the clock: SageMaker's own figure is known when it is over. */
@Repository
class Accrued implements Accruing {

    private final JdbcClient jdbc;
    private final Drivers drivers;
    private final Timing timing;

    Accrued(JdbcClient jdbc, Drivers drivers, Timing timing) {
        this.jdbc = jdbc;
        this.drivers = drivers;
        this.timing = timing;
    }

    @Override
    public Map<HoldId, Money> usedSoFar(Collection<HoldId> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql("""
                        select id, quote, started_at, coalesce(ended_at, :now) as until from workload
                        where id in (:ids) and started_at is not null and settled_at is null
                        """)
                .param("ids", ids.stream().map(HoldId::value).toList())
                .param("now", Timestamp.from(timing.now()))
                .query(this::used)
                .list()
                .stream()
                .collect(Collectors.toUnmodifiableMap(Used::id, Used::money));
    }

    private Used used(ResultSet row, int number) throws SQLException {
        var quote = drivers.read(row.getString("quote"), Quote.class);
        var money = quote.accrued(instant(row, "started_at"), instant(row, "until"));
        return new Used(new HoldId(row.getString("id")), money);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }

    private record Used(HoldId id, Money money) {}
}
