package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.budget.LedgerAudit.Difference;
import dev.bursar.core.Caller;
import dev.bursar.core.Ids;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.testing.ServiceTest;
import dev.bursar.testing.TestLabs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Other tests write windows by hand, so each looks at its own only. */
@ServiceTest
class LedgerAuditTests {

    private final Holds holds;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final JdbcConnectionDetails service;
    private final FlywayConnectionDetails owner;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LedgerAudit audit;

    LedgerAuditTests(
            Holds holds,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Clock clock,
            JdbcConnectionDetails service,
            FlywayConnectionDetails owner) {
        this.holds = holds;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
        this.service = service;
        this.owner = owner;
        this.audit = new LedgerAudit(jdbc, meters);
    }

    @Test
    void findsNothingInBooksThatHeldChargedAndOverran() {
        assertThat(differencesOf(usedWindow())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "amount = amount + 0.000001, amount by its entries, 1",
        "held = held - 0.000001, held by its entries, 2",
        "charged = charged - 0.000001, charged by its entries, 2",
        "overrun = overrun + 0.000001, overrun by its entries, 2"
    })
    void findsAMicroDollarThatSomebodyMoved(String change, String what, int differences) throws SQLException {
        long window = usedWindow();

        asOwner("update budget_window set " + change + " where id = " + window);

        assertThat(differencesOf(window))
                .hasSize(differences)
                .anyMatch(found -> found.what().equals(what));
        assertThat(new LedgerHealth(audit).health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(meters.get("bursar.ledger.differences").gauge().value()).isGreaterThanOrEqualTo(differences);
    }

    @Test
    void findsAHoldThatItsWindowDoesNotKnow() throws SQLException {
        long window = usedWindow();

        asOwner("update hold set held = held + 1 where " + window + " = any(windows) and settled_at is null");

        assertThat(differencesOf(window)).extracting(Difference::what).containsExactly("held by its holds");
    }

    @Test
    void isUpBeforeAnythingIsFound() {
        assertThat(new LedgerHealth(audit).health().getStatus()).isEqualTo(Status.UP);
        assertThat(meters.get("bursar.ledger.differences").gauge().value()).isZero();
    }

    private List<Difference> differencesOf(long window) {
        audit.compare();
        return audit.found().stream().filter(found -> found.window() == window).toList();
    }

    /** One hold settled far beyond its budget, one that is open. */
    private long usedWindow() {
        var labs = new TestLabs(jdbc, clock.instant().minusSeconds(60));
        var lab = labs.lab();
        long window = labs.budget(lab, "2");
        take(lab, "0.5");
        var overrun = take(lab, "1");
        transaction.executeWithoutResult(status -> holds.settle(overrun, Money.of("2.25"), "late", Caller.BURSAR));
        return window;
    }

    private HoldId take(LabId lab, String amount) {
        var id = new HoldId("h" + Ids.next(clock.instant()));
        var purpose = new Purpose(id, lab, null, new MemberId("ada"), "made-up", "ml.test", "tests/1");
        transaction.executeWithoutResult(
                status -> assertThat(holds.take(purpose, Money.of(amount), clock.instant(), Caller.BURSAR))
                        .isEmpty());
        return id;
    }

    private void asOwner(String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        service.getJdbcUrl(),
                        Objects.requireNonNull(owner.getUsername()),
                        Objects.requireNonNull(owner.getPassword()));
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
