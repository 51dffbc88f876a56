package dev.bursar.budget;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The statement that takes a hold from its windows into those that are open now. Like {@link MoneyTables#move} it locks
 * hold, then windows in the order of their ids, and writes from the locked values. What was spent until now is charged in
 * the windows that are left; the database keeps it with them.
 */
@Repository
class Stretches {

    private static final String ROLL = """
            with h as materialized (
              select id, windows, price_book, held,
                greatest(:charged - charged, 0) as spent
              from hold where id = :id and settled_at is null for no key update
            ), n as materialized (
              select w.id, b.given from budget b join budget_window w on w.budget_id = b.id
              where\s""" + MoneyTables.BINDING + """
            ), w as materialized (
              select w.id, w.held, w.charged, w.id = any(h.windows) as leaves, w.id in (select id from n) as enters,
                case when w.id in (select id from n)
                    and (w.closed_at is not null or w.frozen_at is not null or is_frozen(w.budget_id))
                  then 0 else w.amount - w.held - w.charged - w.overrun end as room
              from budget_window w, h where w.id = any(h.windows) or w.id in (select id from n)
              order by w.id for no key update of w
            ), step as (
              select w.*, case when w.leaves then h.spent else 0 end as spent,
                case when w.leaves then h.spent - h.held else 0 end + case when w.enters then :held else 0 end as grown
              from w, h
            ), fits as (
              select h.* from h
              where exists (select from n where given) and not exists (select from step where grown > 0 and grown > room)
            ), moved as (
              update hold set charged = hold.charged + fits.spent, held = :held,
                windows = (select array_agg(id order by id) from n)
              from fits where hold.id = fits.id
            ), paid as (
              update budget_window b set held = step.held + step.grown - step.spent,
                charged = step.charged + step.spent
              from step, fits where b.id = step.id and (step.grown <> 0 or step.spent <> 0)
            ), entered as (
              insert into ledger_entry (window_id, hold_id, kind, amount, at, actor, reason, price_book)
              select step.id, fits.id, e.kind, e.amount, :now, :actor, :reason, fits.price_book
              from fits, step,
                lateral (values ('HOLD', step.grown), ('RELEASE', -step.grown), ('CHARGE', step.spent))
                  e (kind, amount) where e.amount > 0
            )
            select exists (select from fits)
            """;

    private final JdbcClient jdbc;

    Stretches(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Ends one stretch and begins the next, in all windows or in none. */
    boolean roll(MoneyTables.Position to, Scope scope, String reason, String actor, Instant now) {
        return MoneyTables.bound(scope, now, jdbc.sql(ROLL))
                .param("id", to.id().value())
                .param("charged", to.charged().amount())
                .param("held", to.held().amount())
                .param("actor", actor)
                .param("reason", reason)
                .query(Boolean.class)
                .single();
    }

    /** When the first of a hold's windows ends, or its budget. */
    Optional<Instant> end(HoldId id) {
        return jdbc.sql("""
                        select nullif(min(least(w.ends_at, coalesce(b.ends_at, 'infinity'))), 'infinity')
                        from hold h join budget_window w on w.id = any(h.windows) join budget b on b.id = w.budget_id
                        where h.id = :id
                        """)
                .param("id", id.value())
                .query(Timestamp.class)
                .optional()
                .map(Timestamp::toInstant);
    }
}
