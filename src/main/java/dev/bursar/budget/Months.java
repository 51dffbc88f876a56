package dev.bursar.budget;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The statements that open the months of monthly budgets and carry over what earlier ones left. A month is made by whoever
 * comes first: the unique index decides, not what anybody has read. What is carried leaves its window, so that a second
 * time there is nothing to carry; what a late settlement releases there is carried when it is.
 */
@Repository
class Months {

    /** So that the first request of a month finds it open. */
    private static final Duration AHEAD = Duration.ofHours(1);

    private static final String WHICH = """
            (cast(:budget as text) is null or b.id = :budget) and (cast(:lab as text) is null or b.lab_id = :lab
              and (b.project_id is null or b.project_id = :project) and (b.member_id is null or b.member_id = :member))
            """;

    private final JdbcClient jdbc;
    private final Events events;

    Months(JdbcClient jdbc, Events events) {
        this.jdbc = jdbc;
        this.events = events;
    }

    /** Which budgets: one, those that bind somebody's work, or all. */
    record Which(@Nullable String budget, @Nullable Scope scope) {

        static final Which ALL = new Which(null, null);

        static Which budget(String id) {
            return new Which(id, null);
        }

        static Which of(Scope scope) {
            return new Which(null, scope);
        }
    }

    /**
     * Something to be done for a budget.
     *
     * @param lastEnd where the last month that is open ends
     * @param opens whether a month after it is due
     * @param carries whether one that is over has something left
     */
    record Due(String budget, LabId lab, ZoneId zone, Instant lastEnd, boolean opens, boolean carries) {}

    List<Due> due(Which which, Instant now) {
        return bound(which, jdbc.sql("""
                        select * from (
                          select b.id, b.lab_id, b.time_zone, l.ends_at, o.opens, b.carry_over = 'UNSPENT' and exists (
                            select from budget_window w
                            where w.budget_id = b.id and w.ends_at <= :now and (w.ends_at < l.ends_at or o.opens)
                              and w.frozen_at is null and w.amount - w.held - w.charged - w.overrun > 0) as carries
                          from budget b,
                          lateral (select max(ends_at) as ends_at from budget_window where budget_id = b.id) l,
                          lateral (select b.closed_at is null and l.ends_at <= :until
                            and l.ends_at < coalesce(b.ends_at, 'infinity') as opens) o
                          where b.period = 'MONTHLY' and\s""" + WHICH + """
                        ) due where opens or carries order by id
                        """))
                .param("now", Timestamp.from(now))
                .param("until", Timestamp.from(now.plus(AHEAD)))
                .query(Months::due)
                .list();
    }

    /** Opens what is due. */
    void open(Which which, Instant now) {
        due(which, now).forEach(due -> open(due, now));
    }

    /** Opens what is due, and carries over what there is. As all windows of all these budgets are locked first, in order, more may be locked after. */
    void makeReady(Which which, Instant now) {
        var before = due(which, now);
        before.forEach(due -> open(due, now));
        // A month that was missed as a whole is over as soon as it is opened.
        var after = before.stream().anyMatch(Due::opens) ? due(which, now) : before;
        var carrying = after.stream().filter(Due::carries).toList();
        if (!carrying.isEmpty()) {
            lock(which);
            carrying.forEach(due -> carry(due.budget(), now));
        }
    }

    private void open(Due due, Instant now) {
        if (!due.opens()) {
            return;
        }
        var from = due.lastEnd();
        while (!from.isAfter(now.plus(AHEAD))) {
            var month = Month.from(from, due.zone());
            open(due.budget(), due.lab(), month, now);
            from = month.endsAt();
        }
    }

    /** Makes a month with its amount, unless it is there, or its budget is closed or ends before. */
    void open(String budget, LabId lab, Month month, Instant now) {
        var opened = jdbc.sql("""
                        with opened as (
                          insert into budget_window (budget_id, month, starts_at, ends_at, amount)
                          select id, :month, :startsAt, :endsAt, monthly_amount from budget
                          where id = :budget and closed_at is null and :startsAt < coalesce(ends_at, 'infinity') for share
                          on conflict do nothing returning id, amount
                        )
                        insert into ledger_entry (window_id, kind, amount, at, actor, reason)
                        select id, 'CREDIT', amount, :now, :actor, 'month ' || :month from opened
                        """)
                .param("budget", budget)
                .param("month", month.name())
                .param("startsAt", Timestamp.from(month.startsAt()))
                .param("endsAt", Timestamp.from(month.endsAt()))
                .param("now", Timestamp.from(now))
                .param("actor", Caller.BURSAR.actor())
                .update();
        if (opened == 1) {
            events.append(Fact.of("budget.month-opened", lab, budget, Map.of("month", month.name())), Caller.BURSAR);
        }
    }

    private void lock(Which which) {
        bound(which, jdbc.sql("""
                        select w.id from budget_window w join budget b on b.id = w.budget_id
                        where\s""" + WHICH + "order by w.id for no key update of w"))
                .query(Long.class)
                .list();
    }

    /** Moves what the months that are over have free to the present one, as credits below and above zero. */
    private void carry(String budget, Instant now) {
        jdbc.sql("""
                        with w as materialized (
                          select id, month, amount, held, charged, id = present_window(:budget, :now) as present,
                            case when id = present_window(:budget, :now) then 0
                              else greatest(0, amount - held - charged - overrun) end as left_over
                          from budget_window
                          where budget_id = :budget and (id = present_window(:budget, :now) or ends_at <= :now and frozen_at is null)
                          order by id for no key update
                        ), moved as (
                          update budget_window b set held = w.held, charged = w.charged,
                            amount = w.amount - w.left_over + case when w.present then (select sum(left_over) from w) else 0 end
                          from w where b.id = w.id and (w.left_over > 0 or w.present)
                        )
                        insert into ledger_entry (window_id, kind, amount, at, actor, reason, reference)
                        select e.window_id, 'CREDIT', e.amount, :now, :actor, e.reason, e.reference
                        from w s, w t, lateral (values
                          (s.id, -s.left_over, 'carried over to ' || t.month, t.month),
                          (t.id, s.left_over, 'carried over from ' || s.month, s.month)
                        ) e (window_id, amount, reason, reference)
                        where t.present and s.left_over > 0
                        """)
                .param("budget", budget)
                .param("now", Timestamp.from(now))
                .param("actor", Caller.BURSAR.actor())
                .update();
    }

    private static JdbcClient.StatementSpec bound(Which which, JdbcClient.StatementSpec statement) {
        var scope = which.scope();
        return statement
                .param("budget", which.budget(), Types.VARCHAR)
                .param("lab", scope == null ? null : scope.lab().value(), Types.VARCHAR)
                .param("project", scope == null ? null : scope.projectId(), Types.VARCHAR)
                .param("member", scope == null ? null : scope.member().value(), Types.VARCHAR);
    }

    private static Due due(ResultSet row, int number) throws SQLException {
        return new Due(
                row.getString("id"),
                new LabId(row.getString("lab_id")),
                ZoneId.of(row.getString("time_zone")),
                row.getTimestamp("ends_at").toInstant(),
                row.getBoolean("opens"),
                row.getBoolean("carries"));
    }
}
