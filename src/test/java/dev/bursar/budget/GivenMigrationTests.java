package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.ServiceTest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What becomes of budgets that were opened before it was written down who gave their money. */
@ServiceTest
class GivenMigrationTests {

    private final DriverManagerDataSource old;
    private final JdbcClient jdbc;

    GivenMigrationTests(JdbcConnectionDetails service, FlywayConnectionDetails owner) {
        old = new DriverManagerDataSource(
                service.getJdbcUrl(),
                Objects.requireNonNull(owner.getUsername()),
                Objects.requireNonNull(owner.getPassword()));
        old.setSchema("before");
        jdbc = JdbcClient.create(old);
    }

    @BeforeEach
    void beginsBeforeItWasWrittenDown() {
        jdbc.sql("drop schema if exists before cascade").update();
        migrate("64");
        jdbc.sql("insert into lab (id, version, name, created_at) values ('chem', 0, 'Chem', now())")
                .update();
        jdbc.sql(
                        "insert into member (lab_id, id, version, name, role, created_at) "
                                + "values ('chem', 'pi', 0, 'PI', 'OWNER', now()), ('chem', 'portal', 0, 'Portal', 'VIEWER', now())")
                .update();
        key("pis", "pi", false);
        key("portals", "portal", true);
    }

    @Test
    void wereGivenWhereWhoeverOpenedThemHadTheRight() {
        budget("of-the-lab", null, null);
        budget("by-an-admin", "admin", "admins");
        budget("by-the-portal", "chem/portal", "portals");
        budget("by-the-owner", "chem/pi", "pis");
        budget("by-nobody-knows", null, null);
        jdbc.sql("update budget set member_id = null where id = 'of-the-lab'").update();

        migrate("70");

        assertThat(given()).containsExactly("by-an-admin", "by-the-portal", "of-the-lab");
    }

    @Test
    void areSharesWhereAnOwnerHasPutMoneyInSince() {
        budget("credited", "admin", "admins");
        budget("credited-by-the-portal", "admin", "admins");
        budget("ends-later", "admin", "admins");
        budget("more-a-month", "admin", "admins");
        budget("renamed", "admin", "admins");
        budget("transferred-from", "admin", "admins");
        budget("transferred-to", "admin", "admins");
        event("budget.credited", "credited", "chem/pi", "pis", "{\"before\": 1, \"after\": 2}");
        event("budget.credited", "credited-by-the-portal", "chem/portal", "portals", "{\"before\": 1, \"after\": 2}");
        event("budget.revised", "ends-later", "chem/pi", "pis", "{\"after\": {\"endsAt\": \"2027-01-01T00:00:00Z\"}}");
        event("budget.revised", "more-a-month", "chem/pi", "pis", "{\"after\": {\"monthlyAmount\": 100}}");
        event("budget.revised", "renamed", "chem/pi", "pis", "{\"after\": {\"name\": \"x\", \"endsAt\": null}}");
        event(
                "budget.transferred",
                "transferred-from",
                "chem/pi",
                "pis",
                "{\"to\": \"transferred-to\", \"amount\": 1}");

        migrate("70");

        assertThat(given()).containsExactly("credited-by-the-portal", "renamed", "transferred-from");
    }

    private void migrate(String version) {
        Flyway.configure()
                .dataSource(old)
                .schemas("before")
                .locations("classpath:db/migration")
                .placeholders(Map.of("runtimeRole", Objects.requireNonNull(old.getUsername())))
                .target(version)
                .load()
                .migrate();
    }

    private List<String> given() {
        return jdbc.sql("select id from budget where given order by id")
                .query(String.class)
                .list();
    }

    private void key(String id, String member, boolean mayFund) {
        jdbc.sql("""
                        insert into api_key (id, version, member_key, hash, label, may_fund, created_at)
                        select :id, 0, key, sha256(cast(:id as bytea)), 'l', :mayFund, now() from member where id = :member
                        """)
                .param("id", id)
                .param("member", member)
                .param("mayFund", mayFund)
                .update();
    }

    private void budget(String id, @Nullable String actor, @Nullable String key) {
        jdbc.sql(
                        "insert into budget (id, version, lab_id, member_id, name, created_at) values (?, 0, 'chem', ?, 'b', now())")
                .params(id, id)
                .update();
        if (actor != null) {
            event("budget.opened", id, actor, Objects.requireNonNull(key), "{}");
        }
    }

    private void event(String type, String subject, String actor, String key, String data) {
        jdbc.sql("""
                        insert into event (at, type, lab_id, subject, actor, key_id, data)
                        values (now(), ?, 'chem', ?, ?, ?, cast(? as jsonb))
                        """).params(type, subject, actor, key, data).update();
    }
}
