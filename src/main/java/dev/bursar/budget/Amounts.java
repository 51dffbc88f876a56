package dev.bursar.budget;

import dev.bursar.core.Money;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The statements that change what budgets have. Like {@link MoneyTables#move} they lock windows in the order of their ids,
 * decide and write from the locked values. What comes in is a CREDIT and what goes out is a negative one, so that the
 * amount of a window is always the sum of its credits.
 */
@Repository
class Amounts {

    private final JdbcClient jdbc;

    Amounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What the ledger says beside the amount.
     *
     * @param reference the grant that pays, or the other budget
     */
    record Words(String reason, @Nullable String reference, String actor, Instant at) {}

    /** Puts money in: first where an overrun of a month that is over still lacks it. False when the budget is closed. */
    boolean credit(String budget, Money amount, Words words) {
        return with(words, jdbc.sql("""
                        with w as materialized (
                          select id, amount, held, charged, overrun, id = present_window(:budget, :now) as present,
                            greatest(0, held + charged + overrun - amount) as missing
                          from budget_window where budget_id = :budget and closed_at is null
                            and (frozen_at is not null or id = present_window(:budget, :now)) order by id for no key update
                        ), missed as (
                          select id, least(missing, greatest(0, :amount - coalesce(sum(missing) over (
                            order by id rows between unbounded preceding and 1 preceding), 0))) as amount
                          from w where not present
                        ), given as (
                          select id, amount from missed union all
                          select id, :amount - (select coalesce(sum(amount), 0) from missed) from w where present
                        ), paid as (
                          update budget_window b set amount = w.amount + given.amount, frozen_at = case
                            when w.amount + given.amount - w.held - w.charged - w.overrun >= 0 then null else b.frozen_at end
                          from w join given on given.id = w.id where b.id = w.id
                        ), entered as (
                          insert into ledger_entry (window_id, kind, amount, at, actor, reason, reference)
                          select id, 'CREDIT', amount, :now, :actor, :reason, :reference from given where amount > 0 order by id
                        )
                        select exists (select from w where present)
                        """).param("budget", budget).param("amount", amount.amount()));
    }

    /** Lowers the amount, if it still covers what is held and spent. False when it does not, or is not lower. */
    boolean lower(String budget, Money to, Words words) {
        return with(words, jdbc.sql("""
                        with w as materialized (
                          select id, amount, held, charged, overrun from budget_window
                          where id = present_window(:budget, :now) for no key update
                        ), lowered as (
                          update budget_window b set amount = :amount, held = w.held, charged = w.charged
                          from w where b.id = w.id and :amount < w.amount and w.held + w.charged + w.overrun <= :amount
                          returning b.id
                        ), entered as (
                          insert into ledger_entry (window_id, kind, amount, at, actor, reason, reference)
                          select w.id, 'CREDIT', :amount - w.amount, :now, :actor, :reason, :reference
                          from w join lowered on lowered.id = w.id
                        )
                        select exists (select from lowered)
                        """).param("budget", budget).param("amount", to.amount()));
    }

    /** Moves free money from one budget to another that is open. False when there is not so much, or it is frozen. */
    boolean transfer(String from, String to, Money amount, Words words) {
        return with(words, jdbc.sql("""
                        with w as materialized (
                          select id, budget_id, amount, held, charged, overrun, frozen_at, closed_at,
                            case budget_id when :from then -:amount else :amount end as change
                          from budget_window where id in (present_window(:from, :now), present_window(:to, :now))
                          order by id for no key update
                        ), fits as (
                          select s.id from w s, w t
                          where s.budget_id = :from and t.budget_id = :to and t.closed_at is null
                            and s.frozen_at is null and not is_frozen(:from)
                            and s.amount - s.held - s.charged - s.overrun >= :amount
                        ), moved as (
                          update budget_window b set amount = w.amount + w.change, held = w.held, charged = w.charged,
                            frozen_at = case when w.amount + w.change - w.held - w.charged - w.overrun >= 0
                              then null else w.frozen_at end
                          from w, fits where b.id = w.id
                        ), entered as (
                          insert into ledger_entry (window_id, kind, amount, at, actor, reason, reference)
                          select w.id, 'CREDIT', w.change, :now, :actor, :reason,
                            case w.budget_id when :from then :to else :from end
                          from w, fits order by w.id
                        )
                        select exists (select from fits)
                        """).param("from", from).param("to", to).param("amount", amount.amount()));
    }

    /** Pays until then. False when that is before its start, or later than now where it may only be earlier. */
    boolean endAt(BudgetView budget, Instant end, boolean earlierOnly) {
        var statement =
                switch (budget.period()) {
                    case GRANT -> """
                        update budget_window set ends_at = :end where budget_id = :budget and starts_at < :end
                          and not (:earlierOnly and ends_at < :end)
                        """;
                    case MONTHLY -> """
                        update budget set ends_at = :end where id = :budget
                          and :end > (select min(starts_at) from budget_window where budget_id = :budget)
                          and not (:earlierOnly and coalesce(ends_at, 'infinity') < :end)
                        """;
                };
        return jdbc.sql(statement)
                        .param("end", Timestamp.from(end))
                        .param("budget", budget.id())
                        .param("earlierOnly", earlierOnly)
                        .update()
                == 1;
    }

    /** What the months have that are not open yet. False where it may only be less, and is not. */
    boolean months(BudgetView budget, Money amount, boolean lessOnly) {
        return jdbc.sql("""
                        update budget set monthly_amount = :amount
                        where id = :budget and not (:lessOnly and monthly_amount < :amount)
                        """)
                        .param("amount", amount.amount())
                        .param("budget", budget.id())
                        .param("lessOnly", lessOnly)
                        .update()
                == 1;
    }

    /** From now on nothing new is held. */
    void close(String budget, Instant now) {
        var windows = jdbc.sql("select id from budget_window where budget_id = :budget order by id for no key update")
                .param("budget", budget)
                .query(Long.class)
                .list();
        jdbc.sql("update budget_window set closed_at = :now where id in (:windows) and closed_at is null")
                .param("now", Timestamp.from(now))
                .param("windows", List.copyOf(windows))
                .update();
    }

    private static boolean with(Words words, JdbcClient.StatementSpec statement) {
        return statement
                .param("now", Timestamp.from(words.at()))
                .param("actor", words.actor())
                .param("reason", words.reason())
                .param("reference", words.reference(), java.sql.Types.VARCHAR)
                .query(Boolean.class)
                .single();
    }
}
