package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.testing.ServiceTest;
import dev.bursar.testing.TestLabs;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;

/** With the application out of the way, the database itself refuses. */
@ServiceTest
class DatabaseControlTests {

    private final JdbcClient jdbc;
    private final Clock clock;
    private final JdbcConnectionDetails service;
    private final FlywayConnectionDetails owner;

    DatabaseControlTests(JdbcClient jdbc, Clock clock, JdbcConnectionDetails service, FlywayConnectionDetails owner) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.service = service;
        this.owner = owner;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "held = 20.000001",
                "charged = 20.000001",
                "held = 10, charged = 10.000001",
                "held = -0.000001",
                "charged = -1",
                "overrun = -1",
                "held = 5, amount = 4.999999"
            })
    void refusesAnOverdraft(String change) {
        var window = window();

        assertThatThrownBy(() -> asService("update budget_window set " + change + " where id = " + window))
                .hasMessageContaining("budget_never_overdrawn");
    }

    @Test
    void allowsTheLastMicroDollar() throws SQLException {
        asService("update budget_window set held = 15, charged = 5 where id = " + window());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update ledger_entry set amount = 1",
                "delete from ledger_entry",
                "truncate ledger_entry",
                "update event set type = 'x'",
                "delete from event",
                "truncate event"
            })
    void letsTheServiceNotRewriteHistory(String statement) {
        window();

        assertThatThrownBy(() -> asService(statement)).hasMessageContaining("permission denied");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update ledger_entry set amount = amount + 1",
                "delete from ledger_entry",
                "truncate ledger_entry",
                "update event set type = 'x'",
                "delete from event",
                "truncate event"
            })
    void letsNotEvenTheOwnerRewriteHistory(String statement) {
        window();
        jdbc.sql("insert into event (at, type, actor) values (now(), 't', 't')").update();

        assertThatThrownBy(() -> asOwner(statement)).hasMessageContaining("is append-only");
    }

    @Test
    void ownsNothingAsTheService() {
        assertThat(jdbc.sql("""
                        select c.relname from pg_class c join pg_roles r on r.oid = c.relowner
                        where r.rolname = current_user
                        """).query(String.class).list()).isEmpty();
        assertThat(jdbc.sql(
                                "select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls from pg_roles where rolname = current_user")
                        .query(Boolean.class)
                        .single())
                .isFalse();
        assertThatThrownBy(() -> asService("alter table budget_window drop constraint budget_never_overdrawn"))
                .hasMessageContaining("must be owner");
    }

    @Test
    void keepsASettledHoldFromHolding() {
        var lab = new TestLabs(jdbc, clock.instant()).lab();

        assertThatThrownBy(() -> asService("""
                        insert into hold (id, lab_id, member_id, kind, instance_type, price_book, windows, held, opened_at, settled_at)
                        values ('h-%s', '%s', 'm', 'k', 't', 'p', '{1}', 1, now(), now())
                        """.formatted(lab, lab))).hasMessageContaining("hold_settled_holds_nothing");
    }

    @Test
    void letsNobodyTurnAShareIntoWhatWasGiven() throws SQLException {
        var window = window();
        var change = "update budget set given = %s where id = (select budget_id from budget_window where id = " + window
                + ")";

        asService(change.formatted("given"));
        assertThatThrownBy(() -> asService(change.formatted("not given"))).hasMessageContaining("never changes");
        assertThatThrownBy(() -> asOwner(change.formatted("not given"))).hasMessageContaining("never changes");
    }

    @Test
    void forgetsNoWorkThatIsNotOver() {
        var lab = new TestLabs(jdbc, clock.instant()).lab();

        assertThatThrownBy(() -> asService("""
                        insert into workload (id, version, kind, lab_id, member_id, name, spec, quote, state, created_at, aws_account_id)
                        select '06a0k9x4wsn3q7rt', 0, 'k', '%s', 'm', 'n', '{}', '{}', 'IN_PROGRESS', now(), min(id) from aws_account
                        """.formatted(lab))).hasMessageContaining("workload_never_forgotten");
    }

    private long window() {
        var labs = new TestLabs(jdbc, clock.instant());
        return labs.budget(labs.lab(), "20");
    }

    private void asService(String statement) throws SQLException {
        run(service.getUsername(), service.getPassword(), statement);
    }

    private void asOwner(String statement) throws SQLException {
        run(owner.getUsername(), owner.getPassword(), statement);
    }

    private void run(@Nullable String user, @Nullable String password, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        service.getJdbcUrl(), Objects.requireNonNull(user), Objects.requireNonNull(password));
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
