package dev.bursar.budget;

import dev.bursar.core.Money;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What holds stand at, for whoever shows them: many in one statement. */
@Repository
public class HoldViews {

    private final JdbcClient jdbc;

    HoldViews(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What never held anything is not there. */
    public Map<HoldId, HoldView> of(Collection<HoldId> ids) {
        var found = new HashMap<HoldId, HoldView>();
        jdbc.sql("select id, held, charged, overrun, price_book from hold where id = any(:ids)")
                .param("ids", ids.stream().map(HoldId::value).toArray(String[]::new))
                .query(row -> {
                    found.put(
                            new HoldId(row.getString("id")),
                            new HoldView(
                                    Money.of(row.getBigDecimal("held")),
                                    Money.of(row.getBigDecimal("charged")),
                                    Money.of(row.getBigDecimal("overrun")),
                                    row.getString("price_book")));
                });
        return Map.copyOf(found);
    }
}
