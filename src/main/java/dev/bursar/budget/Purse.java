package dev.bursar.budget;

import dev.bursar.core.Caller;
import dev.bursar.core.Ids;
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
    private final JdbcClient jdbc;
    private final Events events;
    private final Clock clock;

    Purse(BudgetRepository budgets, Amounts amounts, JdbcClient jdbc, Events events, Clock clock) {
        this.budgets = budgets;
        this.amounts = amounts;
        this.jdbc = jdbc;
        this.events = events;
        this.clock = clock;
    }

    BudgetView open(LabId lab, NewBudget asked, Caller caller) {
        requirePositive(asked.amount());
        if (asked.project() != null && asked.member() != null) {
            throw Problem.invalid("member", "a budget is for a project or for a member, not for both");
        }
        requireMayPutIn(lab, asked.project() == null && asked.member() == null, caller);
        var now = clock.instant();
        var budget = new Budget(Ids.next(now), lab, asked, now);
        try {
            budgets.saveAndFlush(budget);
        } catch (org.springframework.dao.DataIntegrityViolationException e) {
            throw new Problem(
                    ProblemType.ALREADY_EXISTS,
                    "There is an open budget for this scope, or one with this externalId; credit it instead of opening another.");
        }
        openWindow(budget, asked, now);
        events.append(Fact.of("budget.opened", lab, budget.id(), asked), caller);
        credit(view(budget.id()).orElseThrow(), asked.amount(), new Reason("opened", asked.reference()), caller);
        return view(budget.id()).orElseThrow();
    }

    BudgetView credit(Budget budget, Money amount, Reason reason, Caller caller) {
        requirePositive(amount);
        requireMayPutIn(budget.lab(), budget.isOfWholeLab(), caller);
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
        return jdbc.sql(BudgetView.SELECT + "where b.id = :id")
                .param("id", id)
                .query(BudgetView::of)
                .optional();
    }

    private void credit(BudgetView budget, Money amount, Reason reason, Caller caller) {
        var words = new Amounts.Words(reason.text(), reason.reference(), caller.actor(), clock.instant());
        if (!amounts.credit(budget.id(), amount, words)) {
            throw Revisions.closed(budget);
        }
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

    private void requireMayPutIn(LabId lab, boolean wholeLab, Caller caller) {
        if (caller.isAdmin() || caller.mayFund()) {
            return;
        }
        var divides = !wholeLab
                && caller.role().covers(Role.OWNER)
                && budgets.existsByLabIdAndProjectIdIsNullAndMemberIdIsNullAndClosedAtIsNull(lab.value());
        if (!divides) {
            throw new Problem(
                    ProblemType.FORBIDDEN,
                    "Only an admin or a key with budgetsWrite puts money into a lab; an owner divides what the lab's own budget has.");
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
