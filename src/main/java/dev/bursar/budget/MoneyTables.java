package dev.bursar.budget;

import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The statements that are the ledger. {@link #move} moves held and charged money, and {@link
 * Stretches} takes it from window to window; nothing else does, but for overruns. Both lock hold, then
 * windows in the order of their ids, and writes from the locked values, so that concurrent writers wait for one another
 * but neither deadlock nor overdraw; the {@code CHECK} of the table would refuse an overdraft even if this were wrong.
 */
@Repository
class MoneyTables {

    private static final String WINDOW = """
            select w.id, b.id as budget, b.name, w.amount - w.held - w.charged - w.overrun as money_left,
              w.amount - w.charged - w.overrun as money_ever, is_frozen(b.id) as frozen,
              w.closed_at is not null as closed, b.given,
              case when b.period = 'MONTHLY' then b.ends_at else nullif(w.ends_at, 'infinity') end as ends_at
            from budget_window w join budget b on b.id = w.budget_id
            """;

    /** Which windows pay for something new of a scope. */
    static final String BINDING = """
            b.lab_id = :lab and b.closed_at is null and :now < coalesce(b.ends_at, 'infinity')
              and w.starts_at <= :now and :now < w.ends_at
              and (b.project_id is null or b.project_id = :project) and (b.member_id is null or b.member_id = :member)
            """;

    private final JdbcClient jdbc;

    MoneyTables(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Position(HoldId id, Money charged, Money held) {}

    /** Writes down which windows bind; again for a hold that holds nothing. False when there are none. */
    boolean open(Purpose purpose, Instant now) {
        return bound(purpose.scope(), now, jdbc.sql("""
                        insert into hold (id, lab_id, project_id, member_id, kind, instance_type, price_book, windows, opened_at)
                        select :id, :lab, :project, :member, :kind, :instanceType, :priceBook, array_agg(w.id order by w.id), :now
                        from budget b join budget_window w on w.budget_id = b.id
                        where\s""" + BINDING + """
                        having count(*) > 0
                        on conflict (id) do update set windows = excluded.windows, price_book = excluded.price_book
                          where hold.held = 0 and hold.settled_at is null
                        """))
                        .param("id", purpose.id().value())
                        .param("kind", purpose.kind())
                        .param("instanceType", purpose.instanceType())
                        .param("priceBook", purpose.priceBook())
                        .update()
                == 1;
    }

    /** Moves a hold to a position in all of its windows or in none. New ones leave alone what renewals wait for. */
    boolean move(Position to, String reason, String actor, Instant now) {
        return jdbc.sql("""
                        with h as materialized (
                          select id, windows, price_book, greatest(:charged - charged, 0) as spent,
                            greatest(:charged - charged, 0) + :held - held as grown, held = 0 and charged = 0 as is_new
                          from hold where id = :id for no key update
                        ), w as materialized (
                          select w.id, w.held, w.charged, h.is_new, is_given(w.budget_id) as given,
                            case when :held = 0 or (w.frozen_at is null and w.closed_at is null and :now < w.ends_at and not is_frozen(w.budget_id))
                              then w.amount - w.held - w.charged - w.overrun else 0 end as room
                          from budget_window w, h where w.id = any(h.windows) order by w.id for no key update of w
                        ), fits as (
                          select h.* from h, (
                            select bool_or(given) as given, min(room - case when is_new then (
                              select coalesce(sum(wanted), 0) from hold o
                              where o.wanted > 0 and o.settled_at is null and w.id = any(o.windows)) else 0 end) as room
                            from w) tightest
                          where h.grown <= 0 or tightest.given and h.grown <= tightest.room
                        ), moved as (
                          update hold set charged = hold.charged + fits.spent, held = :held, wanted = 0 from fits where hold.id = fits.id
                        ), paid as (
                          update budget_window b set held = w.held + fits.grown - fits.spent, charged = w.charged + fits.spent
                          from fits, w where b.id = w.id and (fits.grown <> 0 or fits.spent <> 0)
                        ), entered as (
                          insert into ledger_entry (window_id, hold_id, kind, amount, at, actor, reason, price_book)
                          select w.id, fits.id, e.kind, e.amount, :now, :actor, :reason, fits.price_book
                          from fits, w, lateral (values ('HOLD', fits.grown), ('RELEASE', -fits.grown), ('CHARGE', fits.spent))
                            e (kind, amount) where e.amount > 0
                        )
                        select exists (select from fits)
                        """)
                .param("id", to.id().value())
                .param("charged", to.charged().amount())
                .param("held", to.held().amount())
                .param("now", Timestamp.from(now))
                .param("actor", actor)
                .param("reason", reason)
                .query(Boolean.class)
                .single();
    }

    /** What a renewal could not hold yet. */
    void want(HoldId id, Money asked) {
        jdbc.sql("update hold set wanted = :asked where id = :id")
                .param("id", id.value())
                .param("asked", asked.amount())
                .update();
    }

    /** The most that a hold may be charged without an overrun: what it has, and what is free in all of its windows. */
    Money coverable(HoldId id) {
        return jdbc.sql("""
                        select h.charged + h.held + case when bool_or(is_given(w.budget_id))
                          then greatest(0, min(w.amount - w.held - w.charged - w.overrun)) else 0 end
                        from hold h join budget_window w on w.id = any(h.windows) where h.id = :id group by h.id
                        """)
                .param("id", id.value())
                .query((row, number) -> Money.of(row.getBigDecimal(1)))
                .single();
    }

    /** Records what exceeds the tightest window: charged where another has free money, overrun where none is left, or was given. */
    void overrun(HoldId id, Money excess, String reason, String actor, Instant now) {
        jdbc.sql("""
                        with h as (
                          update hold set overrun = overrun + :excess where id = :id returning id, windows, price_book
                        ), w as materialized (
                          select w.id, w.charged, w.overrun, case when exists (
                              select from budget_window o where o.id = any(h.windows) and is_given(o.budget_id))
                            then least(:excess, greatest(0, w.amount - w.held - w.charged - w.overrun)) else 0 end as free
                          from budget_window w, h where w.id = any(h.windows) order by w.id for no key update of w
                        ), paid as (
                          update budget_window b set charged = w.charged + w.free, overrun = w.overrun + :excess - w.free,
                            frozen_at = case when w.free < :excess then coalesce(b.frozen_at, :now) else b.frozen_at end
                          from w where b.id = w.id
                        )
                        insert into ledger_entry (window_id, hold_id, kind, amount, at, actor, reason, price_book)
                        select w.id, h.id, e.kind, e.amount, :now, :actor, :reason, h.price_book
                        from w, h, lateral (values ('HOLD', w.free), ('CHARGE', w.free), ('OVERRUN', :excess - w.free))
                          e (kind, amount) where e.amount > 0
                        """)
                .param("id", id.value())
                .param("excess", excess.amount())
                .param("now", Timestamp.from(now))
                .param("actor", actor)
                .param("reason", reason)
                .update();
    }

    void close(HoldId id, Instant now) {
        jdbc.sql("update hold set settled_at = :now where id = :id and settled_at is null")
                .param("id", id.value())
                .param("now", Timestamp.from(now))
                .update();
    }

    /** Why {@link #move} moved nothing: the window that stands most in the way. */
    Shortage shortageOf(HoldId id, Money charged, Money held) {
        var now = find(id).orElseThrow();
        var grown = charged.plus(held).minus(now.charged()).minus(now.held());
        return windowsOf(id).stream()
                .flatMap(window -> window.shortage(grown, Instant.MIN).stream())
                .min(Comparator.comparing(Shortage::why).thenComparing(Shortage::left))
                .orElseGet(() -> keptInTightest(id, grown));
    }

    /** It would fit, but for what renewals wait for. */
    private Shortage keptInTightest(HoldId id, Money asked) {
        var tightest =
                windowsOf(id).stream().min(Comparator.comparing(Window::left)).orElseThrow();
        return new Shortage(
                tightest.budget(), tightest.name(), asked, tightest.left(), Shortage.Why.KEPT_FOR_OLDER_WORK);
    }

    List<Window> binding(Scope scope, Instant now) {
        return bound(scope, now, jdbc.sql(WINDOW + "where " + BINDING + "order by w.id"))
                .query(MoneyTables::window)
                .list();
    }

    /** Whose it is; locked before its windows are, as in every statement. */
    Optional<Scope> lockedScopeOf(HoldId id) {
        return jdbc.sql("select lab_id, project_id, member_id from hold where id = :id for no key update")
                .param("id", id.value())
                .query((row, number) -> new Scope(
                        new LabId(row.getString("lab_id")),
                        row.getString("project_id") == null ? null : new ProjectId(row.getString("project_id")),
                        new MemberId(row.getString("member_id"))))
                .optional();
    }

    Optional<HoldView> find(HoldId id) {
        return jdbc.sql("select held, charged, overrun, price_book from hold where id = :id")
                .param("id", id.value())
                .query((row, number) -> new HoldView(
                        Money.of(row.getBigDecimal("held")),
                        Money.of(row.getBigDecimal("charged")),
                        Money.of(row.getBigDecimal("overrun")),
                        row.getString("price_book")))
                .optional();
    }

    LabId labOf(HoldId id) {
        var lab = jdbc.sql("select lab_id from hold where id = ?").param(id.value());
        return new LabId(lab.query(String.class).single());
    }

    List<Window> windowsOf(HoldId id) {
        return jdbc.sql(WINDOW + "join hold h on w.id = any(h.windows) where h.id = :id order by w.id")
                .param("id", id.value())
                .query(MoneyTables::window)
                .list();
    }

    static JdbcClient.StatementSpec bound(Scope scope, Instant now, JdbcClient.StatementSpec statement) {
        return statement
                .param("lab", scope.lab().value())
                .param("project", scope.projectId(), java.sql.Types.VARCHAR)
                .param("member", scope.member().value())
                .param("now", Timestamp.from(now));
    }

    private static Window window(ResultSet row, int number) throws SQLException {
        var endsAt = row.getTimestamp("ends_at");
        return new Window(
                row.getLong("id"),
                row.getString("budget"),
                row.getString("name"),
                Money.of(row.getBigDecimal("money_left")),
                Money.of(row.getBigDecimal("money_ever")),
                row.getBoolean("frozen"),
                row.getBoolean("closed"),
                row.getBoolean("given"),
                endsAt == null ? Instant.MAX : endsAt.toInstant());
    }
}
