package dev.bursar.testing;

import dev.bursar.core.Ids;
import dev.bursar.core.LabId;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Labs and budgets by SQL, for tests that are about something else. */
public record TestLabs(JdbcClient jdbc, Instant now) {

    public LabId lab() {
        var id = "lab-" + Ids.next(now);
        jdbc.sql("insert into lab (id, version, name, created_at) values (?, 0, ?, ?)")
                .params(id, id, Timestamp.from(now))
                .update();
        return new LabId(id);
    }

    public void project(LabId lab, String id) {
        jdbc.sql("insert into project (lab_id, id, version, name, created_at) values (?, ?, 0, ?, ?)")
                .params(lab.value(), id, id, Timestamp.from(now))
                .update();
    }

    /** A budget with its window and its credit; answers the id of the window. */
    public long budget(LabId lab, String amount) {
        return budget(lab, null, null, amount, null);
    }

    public long budget(
            LabId lab, @Nullable String project, @Nullable String member, String amount, @Nullable Instant endsAt) {
        var id = Ids.next(now);
        var at = Timestamp.from(now);
        var money = new BigDecimal(amount);
        jdbc.sql(
                        "insert into budget (id, version, lab_id, project_id, member_id, given, name, created_at) values (?, 0, ?, ?, ?, true, 'b', ?)")
                .params(java.util.Arrays.asList(id, lab.value(), project, member, at))
                .update();
        var window = jdbc.sql("""
                        insert into budget_window (budget_id, starts_at, ends_at, amount)
                        values (:id, :at, coalesce(cast(:ends as timestamptz), 'infinity'), :amount) returning id
                        """)
                .param("id", id)
                .param("at", at)
                .param("ends", endsAt == null ? null : Timestamp.from(endsAt))
                .param("amount", money)
                .query(Long.class)
                .single();
        jdbc.sql(
                        "insert into ledger_entry (window_id, kind, amount, at, actor, reason) values (?, 'CREDIT', ?, ?, 't', 't')")
                .params(window, money, at)
                .update();
        return window;
    }
}
