package dev.bursar.budget;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Money as an operator watches it: summed over holds, so that nothing is counted once for every budget that binds. */
@Component
class MoneyMetrics {

    private final JdbcClient jdbc;

    MoneyMetrics(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        gauge(meters, "held", "money set aside");
        gauge(meters, "charged", "money spent");
        gauge(meters, "overrun", "money spent beyond every hold; above zero is an alarm");
    }

    private void gauge(MeterRegistry meters, String column, String description) {
        Gauge.builder("bursar.money." + column, () -> sum(column))
                .description(description)
                .baseUnit("usd")
                .register(meters);
    }

    private BigDecimal sum(String column) {
        return jdbc.sql("select coalesce(sum(" + column + "), 0) from hold")
                .query(BigDecimal.class)
                .single();
    }
}
