package dev.bursar.budget;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Money as an operator watches it: summed over holds, so that nothing is counted once for every budget that binds. Once in a
 * while and in one statement, because it reads all holds that there ever were.
 */
@Component
class MoneyMetrics {

    private final JdbcClient jdbc;
    private volatile Sums sums = new Sums(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    MoneyMetrics(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        gauge(meters, "held", "money set aside", Sums::held);
        gauge(meters, "charged", "money spent", Sums::charged);
        gauge(meters, "overrun", "money spent beyond every hold; above zero is an alarm", Sums::overrun);
    }

    private record Sums(BigDecimal held, BigDecimal charged, BigDecimal overrun) {

        static Sums of(ResultSet row, int number) throws SQLException {
            return new Sums(row.getBigDecimal("held"), row.getBigDecimal("charged"), row.getBigDecimal("overrun"));
        }
    }

    @Scheduled(fixedDelayString = "${bursar.budget.sum-tick:PT15S}")
    void sum() {
        sums = jdbc.sql("""
                        select coalesce(sum(held), 0) as held, coalesce(sum(charged), 0) as charged,
                          coalesce(sum(overrun), 0) as overrun from hold
                        """).query(Sums::of).single();
    }

    private void gauge(MeterRegistry meters, String column, String description, Function<Sums, BigDecimal> which) {
        Gauge.builder("bursar.money." + column, () -> which.apply(sums))
                .description(description)
                .baseUnit("usd")
                .register(meters);
    }
}
