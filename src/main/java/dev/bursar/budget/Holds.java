package dev.bursar.budget;

import dev.bursar.budget.MoneyTables.Position;
import dev.bursar.budget.Months.Which;
import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Sets money aside, charges it and gives the rest back, for everybody who spends. Its verbs name positions, never
 * differences: "charged 0.01 so far, held 0.02". So each may be repeated, and a repeated one moves nothing. They belong
 * into the transaction that makes them true, as its last statements, because they lock the rows that everybody needs.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class Holds {

    private static final Logger log = LoggerFactory.getLogger(Holds.class);

    private final MoneyTables tables;
    private final Stretches stretches;
    private final Grants grants;
    private final Months months;
    private final Events events;
    private final Clock clock;

    Holds(MoneyTables tables, Stretches stretches, Grants grants, Months months, Events events, Clock clock) {
        this.tables = tables;
        this.stretches = stretches;
        this.grants = grants;
        this.months = months;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Sets the worst case aside in every budget that binds, or in none.
     *
     * @param surelyOverBy a budget that ends before this pays for nothing
     */
    public Optional<Shortage> take(Purpose purpose, Money worstCase, Instant surelyOverBy, Caller by) {
        var now = clock.instant();
        months.makeReady(Which.of(purpose.scope()), now);
        if (!tables.open(purpose, now) && !holdsAlready(purpose.id())) {
            return Optional.of(grants.noneOpen(purpose.scope(), List.of(), worstCase, now));
        }
        var windows = tables.windowsOf(purpose.id());
        if (!Grants.pay(windows)) {
            return Optional.of(grants.noneOpen(purpose.scope(), windows, worstCase, now));
        }
        var tooSoon = Window.endingBefore(windows, surelyOverBy, worstCase);
        if (tooSoon.isPresent()) {
            return tooSoon;
        }
        return move(purpose.id(), Money.ZERO, worstCase, "worst case of " + purpose.kind(), by);
    }

    /**
     * Charges what is used up and holds what may still come, in one step. Holding nothing, it may be {@link #take taken}
     * again, in the windows that are open then.
     */
    public Optional<Shortage> renew(HoldId id, Money charged, Money held, Caller by) {
        return move(id, charged.minus(overrunOf(id)), held, "used so far", by);
    }

    /** Has what a renewal could not hold kept free of new work, until it is held or the hold is settled. */
    public void want(HoldId id, Shortage shortage) {
        if (shortage.why() == Shortage.Why.HELD_BY_OTHERS) {
            tables.want(id, shortage.asked());
        }
    }

    /** Nothing is kept for it any more: it is not renewed. */
    public void wantNothing(HoldId id) {
        tables.want(id, Money.ZERO);
    }

    /**
     * Ends a stretch and begins the next: what is used so far is charged in the windows in which it was held, and the next
     * is held in those that are open now. All of it or nothing, so that what is refused still has its old hold; only what
     * the old windows cannot pay is recorded as overrun all the same, and the next is held where those that are open pay it.
     */
    public Optional<Shortage> roll(HoldId id, Money chargedSoFar, Money heldNext, Caller by) {
        var now = clock.instant();
        var scope = tables.lockedScopeOf(id).orElseThrow();
        months.makeReady(Which.of(scope), now);
        var charged = chargedSoFar.minus(overrunOf(id));
        if (next(id, scope, charged, heldNext, by)) {
            return Optional.empty();
        }
        if (charged.isMoreThan(tables.coverable(id))) {
            overrun(id, charged, "used so far", by);
            charged = chargedSoFar.minus(overrunOf(id));
            if (next(id, scope, charged, heldNext, by)) {
                return Optional.empty();
            }
        }
        var binding = tables.binding(scope, now);
        return Optional.of(
                Grants.pay(binding)
                        ? inTheWay(id, binding, charged, heldNext)
                        : grants.noneOpen(scope, binding, heldNext, now));
    }

    private boolean next(HoldId id, Scope scope, Money charged, Money held, Caller by) {
        return stretches.roll(new Position(id, charged, held), scope, "next stretch", by.actor(), clock.instant());
    }

    /** When the first window ends that pays for this: a month, at whose end it {@link #roll rolls}, or a grant. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public Optional<Instant> paidForUpTo(HoldId id) {
        return stretches.end(id);
    }

    /**
     * Closes a hold: charges what it cost and gives the rest back. Money that is spent is always recorded: what exceeds
     * the hold comes out of free money, and what exceeds that too is an overrun, which freezes the budget. What was never
     * held and cost nothing has nothing to close.
     */
    public void settle(HoldId id, Money charged, String reason, Caller by) {
        if (!charged.isPositive() && tables.find(id).isEmpty()) {
            return;
        }
        var coverable = charged.minus(overrunOf(id));
        if (move(id, coverable, Money.ZERO, reason, by).isPresent()) {
            overrun(id, coverable, reason, by);
        }
        tables.close(id, clock.instant());
    }

    /** Whether a budget that pays for this ends before it would surely be over, if it were started now (rule M8). */
    public Optional<Shortage> endsTooSoon(HoldId id, Instant surelyOverBy) {
        return Window.endingBefore(tables.windowsOf(id), surelyOverBy, Money.ZERO);
    }

    /** The budget that pays for this and may not spend at the moment, if one is frozen; asked before anything starts. */
    public Optional<Shortage> frozen(HoldId id) {
        return tables.windowsOf(id).stream()
                .filter(Window::frozen)
                .findFirst()
                .map(window ->
                        new Shortage(window.budget(), window.name(), Money.ZERO, window.left(), Shortage.Why.FROZEN));
    }

    /** What {@link #take} would answer now; promises nothing. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public Optional<Shortage> wouldTake(Purpose purpose, Money worstCase, Instant surelyOverBy) {
        var now = clock.instant();
        var binding = tables.binding(purpose.scope(), now);
        if (!Grants.pay(binding)) {
            return Optional.of(grants.noneOpen(purpose.scope(), binding, worstCase, now));
        }
        return binding.stream()
                .map(window -> window.shortage(worstCase, surelyOverBy))
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Shortage::why));
    }

    /** The budgets that would pay, and what each has free now. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public List<Payer> payers(Purpose purpose) {
        var binding = tables.binding(purpose.scope(), clock.instant());
        return (Grants.pay(binding) ? binding : List.<Window>of())
                .stream()
                        .map(window -> new Payer(window.budget(), window.name(), window.left()))
                        .toList();
    }

    /** Whether any budget applies, in which the cost of what runs already could be recorded. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    public boolean canBook(Purpose purpose) {
        return !tables.binding(purpose.scope(), clock.instant()).isEmpty();
    }

    private Optional<Shortage> move(HoldId id, Money charged, Money held, String reason, Caller by) {
        var now = clock.instant();
        if (tables.move(new Position(id, charged, held), reason, by.actor(), now)) {
            return Optional.empty();
        }
        return Optional.of(tables.shortageOf(id, charged, held));
    }

    private Shortage inTheWay(HoldId id, List<Window> next, Money charged, Money held) {
        var now = tables.find(id).orElseThrow();
        var before = tables.windowsOf(id).stream().map(Window::id).toList();
        var back = now.charged().plus(now.held()).minus(charged);
        return next.stream()
                .map(window -> window.shortage(before.contains(window.id()) ? held.minus(back) : held, Instant.MIN))
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Shortage::why).thenComparing(Shortage::left))
                .orElseThrow();
    }

    private void overrun(HoldId id, Money charged, String reason, Caller by) {
        var covered = tables.coverable(id);
        move(id, covered, Money.ZERO, reason, by);
        var excess = charged.minus(covered);
        tables.overrun(id, excess, reason, by.actor(), clock.instant());
        events.append(
                Fact.of("budget.overrun", tables.labOf(id), id.value(), Map.of("excess", excess, "reason", reason)),
                by);
        log.error(
                "{} cost {} more than its budgets could cover: recorded as overrun, the budgets are frozen",
                id.value(),
                excess);
    }

    private Money overrunOf(HoldId id) {
        return tables.find(id).map(HoldView::overrun).orElse(Money.ZERO);
    }

    private boolean holdsAlready(HoldId id) {
        return tables.find(id).filter(hold -> hold.held().isPositive()).isPresent();
    }
}
