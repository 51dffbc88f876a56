package dev.bursar.budget;

import dev.bursar.core.Money;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Compares every balance with its ledger entries and with the holds in it. One statement, so that all of them are seen at
 * one moment. A difference means that somebody wrote past the service, or that it has a bug: it is an alarm, and nothing
 * is repaired by itself.
 */
@Component
class LedgerAudit {

    private static final Logger log = LoggerFactory.getLogger(LedgerAudit.class);

    private final JdbcClient jdbc;
    private volatile List<Difference> found = List.of();

    LedgerAudit(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        Gauge.builder("bursar.ledger.differences", () -> found.size())
                .description("balances that are not what the ledger or the holds add up to; above zero is an alarm")
                .register(meters);
    }

    @Scheduled(fixedDelayString = "${bursar.budget.audit-every:PT1H}")
    void compare() {
        found = jdbc.sql("select * from ledger_difference order by window_id, what")
                .query(Difference::of)
                .list();
        found.forEach(difference -> log.error(
                "ledger difference lab={} budget={} window={} what=\"{}\" balance={} expected={}: nothing is repaired by itself",
                difference.lab(),
                difference.budget(),
                difference.window(),
                difference.what(),
                difference.balance(),
                difference.expected()));
    }

    /** What the last comparison found. */
    List<Difference> found() {
        return found;
    }

    /** A balance, and what it should be. */
    record Difference(String lab, String budget, long window, String what, Money balance, Money expected) {

        static Difference of(ResultSet row, int number) throws SQLException {
            return new Difference(
                    row.getString("lab_id"),
                    row.getString("budget_id"),
                    row.getLong("window_id"),
                    row.getString("what"),
                    Money.of(row.getBigDecimal("balance")),
                    Money.of(row.getBigDecimal("expected")));
        }
    }
}
