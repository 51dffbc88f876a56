package dev.bursar.budget;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.Money;
import dev.bursar.core.Role;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Puts money into budgets. Only an admin or a funding key brings it into a lab; an owner divides what the lab has. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class Purse {

    private final BudgetRepository budgets;
    private final Amounts amounts;
    private final Months months;
    private final JdbcClient jdbc;
    private final Events events;
    private final Clock clock;

    Purse(BudgetRepository budgets, Amounts amounts, Months months, JdbcClient jdbc, Events events, Clock clock) {
        this.budgets = budgets;
        this.amounts = amounts;
        this.months = months;
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    BudgetView open(LabId lab, NewBudget asked, Caller caller) {
        asked.requireOnePeriod();
        if (asked.project() != null && asked.member() != null) {
            throw Problem.invalid("member", "a budget is for a project or for a member, not for both");
        }
        requireMayDivide(lab, asked.isOfWholeLab(), caller);
        var now = clock.instant();
        var budget = new Budget(lab, asked, caller.mayGive(), now);
        try {
            budgets.saveAndFlush(budget);
        } catch (org.springframework.dao.DataIntegrityViolationException e) {
            throw new Problem(
                    ProblemType.ALREADY_EXISTS,
                    "There is an open budget for this scope, or one with this externalId; credit it instead of opening another.");
        }
        events.append(Fact.of("budget.opened", lab, budget.id(), asked), caller);
        if (asked.isMonthly()) {
            months.open(budget.id(), lab, firstMonth(asked, now), now);
        } else {
            openWindow(budget, asked, now);
            credit(view(budget.id()).orElseThrow(), asked.first(), new Reason("opened", asked.reference()), caller);
        }
        return view(budget.id()).orElseThrow();
    }

    BudgetView credit(Budget budget, Money amount, Reason reason, Caller caller) {
        requirePositive(amount);
        requireMayDivide(budget.lab(), budget.isGiven(), caller);
        months.open(Months.Which.budget(budget.id()), clock.instant());
        var before = view(budget.id()).orElseThrow();
        events.append(
                new Fact(
                        "budget.credited",
                        budget.lab(),
                        budget.id(),
                        before.amount(),
                        before.amount().plus(amount)),
                caller);
        credit(before, amount, reason, caller);
        return view(budget.id()).orElseThrow();
    }

    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    Optional<BudgetView> view(String id) {
        return jdbc.sql(BudgetView.SELECT + "where id = :id")
                .param("id", id)
                .param("now", Timestamp.from(clock.instant()))
                .query(BudgetView::of)
                .optional();
    }

    private void credit(BudgetView budget, Money amount, Reason reason, Caller caller) {
        var words = new Amounts.Words(reason.text(), reason.reference(), caller.actor(), clock.instant());
        if (!amounts.credit(budget.id(), amount, words)) {
            throw Revisions.closed(budget);
        }
    }

    private Month firstMonth(NewBudget asked, Instant now) {
        var zone = zoneOf(asked);
        var first = asked.startsAt() == null ? now : asked.startsAt();
        var month = Month.from(first, zone);
        var present = YearMonth.from(now.atZone(zone)).atDay(1).atStartOfDay(zone);
        if (month.endsAt().isBefore(present.plusMonths(1).toInstant())
                || first.isAfter(present.plusYears(1).toInstant())) {
            throw Problem.invalid("startsAt", "of a monthly budget is in this month or in the twelve after it");
        }
        if (asked.endsAt() != null && !asked.endsAt().isAfter(first)) {
            throw Problem.invalid("endsAt", "must be after startsAt");
        }
        return month;
    }

    /** Both Java and PostgreSQL must know it: one begins its months by it, the other its days. */
    private ZoneId zoneOf(NewBudget asked) {
        var known = jdbc.sql("select exists (select from pg_timezone_names where name = :zone)")
                .param("zone", asked.zone().getId())
                .query(Boolean.class)
                .single();
        if (!asked.zone().equals(ZoneOffset.UTC) && !known) {
            throw Problem.invalid("timeZone", "is not known to the database");
        }
        return asked.zone();
    }

    private void openWindow(Budget budget, NewBudget asked, Instant now) {
        var startsAt = asked.startsAt() == null ? now : asked.startsAt();
        if (asked.endsAt() != null && !asked.endsAt().isAfter(startsAt)) {
            throw Problem.invalid("endsAt", "must be after startsAt");
        }
        jdbc.sql("""
                        insert into budget_window (budget_id, starts_at, ends_at, amount)
                        values (:budget, :startsAt, coalesce(cast(:endsAt as timestamptz), 'infinity'), 0)
                        """)
                .param("budget", budget.id())
                .param("startsAt", Timestamp.from(startsAt))
                .param("endsAt", asked.endsAt() == null ? null : Timestamp.from(asked.endsAt()))
                .update();
    }

    /** Who may not give may open shares of what was given, and put more into those; what that pays, each hold decides. */
    private void requireMayDivide(LabId lab, boolean gives, Caller caller) {
        if (caller.mayGive()) {
            return;
        }
        var divides = !gives
                && caller.role().covers(Role.OWNER)
                && budgets.existsByLabIdAndGivenIsTrueAndClosedAtIsNull(lab.value());
        if (!divides) {
            throw new Problem(
                    ProblemType.FORBIDDEN,
                    "Only an admin or a key with budgetsWrite puts money into a lab and into the budgets that it was given; "
                            + "an owner divides that, into budgets for projects and members.");
        }
    }

    static void requirePositive(Money amount) {
        if (!amount.isPositive()) {
            throw Problem.invalid("amount", "must be above zero");
        }
    }

    /**
     * Why money was put in.
     *
     * @param reference the grant that pays, as the funder names it
     */
    record Reason(String text, @Nullable String reference) {}
}
