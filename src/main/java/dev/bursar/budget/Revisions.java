package dev.bursar.budget;

import dev.bursar.budget.Amounts.Words;
import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Changes an open budget: its name and end, less money, money to another budget, and its closing. */
@Component
@Transactional
class Revisions {

    private final JdbcClient jdbc;
    private final Amounts amounts;
    private final Months months;
    private final Purse purse;
    private final Events events;
    private final Clock clock;

    Revisions(JdbcClient jdbc, Amounts amounts, Months months, Purse purse, Events events, Clock clock) {
        this.jdbc = jdbc;
        this.amounts = amounts;
        this.months = months;
        this.purse = purse;
        this.events = events;
        this.clock = clock;
    }

    /** What is to be different; what is absent stays. */
    @Schema(name = "BudgetChange")
    record Change(
            @Nullable @Size(min = 1, max = 200) String name,

            @Schema(
                    description =
                            "US dollars, less than now and not less than what is held and spent; more comes by credits",
                    example = "15")
            @Nullable Money amount,

            @Schema(description = "until when it pays, exclusive") @Nullable Instant endsAt,

            @Schema(
                    description = "what months have that are not open yet; a month opens an hour before it begins",
                    example = "15")
            @Nullable Money monthlyAmount) {}

    /** Money for another budget of the lab. */
    @Schema(name = "NewTransfer")
    record Transfer(
            @Schema(description = "the budget that gets it", example = "06a0k9x4wsn3q7rv") @NotBlank String to,

            @Schema(description = "US dollars above zero, at most 6 decimals", example = "2") @NotNull Money amount,

            @NotBlank @Size(max = 500) String reason) {}

    BudgetView revise(BudgetView before, long version, Change change, Caller caller) {
        requireMayDivide(caller, before);
        var changed = jdbc.sql("""
                        update budget set name = coalesce(:name, name), version = version + 1
                        where id = :id and version = :version and closed_at is null
                        """)
                .param("name", change.name(), java.sql.Types.VARCHAR)
                .param("id", before.id())
                .param("version", version)
                .update();
        if (changed == 0) {
            throw before.closed()
                    ? closed(before)
                    : new Problem(
                            ProblemType.CHANGED_MEANWHILE,
                            "The budget has version %d, not %d.".formatted(before.version(), version));
        }
        events.append(new Fact("budget.revised", before.labId(), before.id(), before, change), caller);
        var lessOnly = before.given() && !caller.mayGive();
        if (change.endsAt() != null && !amounts.endAt(before, change.endsAt(), lessOnly)) {
            throw change.endsAt().isAfter(before.startsAt())
                    ? notGiving("end later")
                    : Problem.invalid("endsAt", "must be after startsAt");
        }
        if (change.monthlyAmount() != null) {
            changeMonths(before, change.monthlyAmount(), lessOnly);
        }
        if (change.amount() != null) {
            lower(before, change.amount(), caller);
        }
        return now(before);
    }

    /** Nothing new is held; what is held it still pays. Again, it changes nothing. */
    BudgetView close(BudgetView before, Caller caller) {
        requireMayDivide(caller, before);
        var now = clock.instant();
        var changed = jdbc.sql("""
                        update budget set closed_at = :now, version = version + 1 where id = :id and closed_at is null
                        """)
                .param("now", Timestamp.from(now))
                .param("id", before.id())
                .update();
        if (changed == 1) {
            events.append(Fact.of("budget.closed", before.labId(), before.id(), before), caller);
            amounts.close(before.id(), now);
        }
        return now(before);
    }

    BudgetView transfer(BudgetView from, BudgetView to, Transfer asked, Caller caller) {
        Purse.requirePositive(asked.amount());
        if (from.id().equals(to.id()) || !from.lab().equals(to.lab())) {
            throw Problem.invalid("to", "is another budget of the same lab");
        }
        requireMayDivide(caller, from);
        requireMayDivide(caller, to);
        if (to.given() && !caller.mayGive()) {
            throw notGiving("get money");
        }
        events.append(Fact.of("budget.transferred", from.labId(), from.id(), asked), caller);
        var words = new Words(asked.reason(), null, caller.actor(), clock.instant());
        Stream.of(from.id(), to.id()).sorted().forEach(id -> months.open(Months.Which.budget(id), words.at()));
        if (!amounts.transfer(from.id(), to.id(), asked.amount(), words)) {
            throw notMoved(now(from), now(to), asked.amount());
        }
        return now(from);
    }

    private void changeMonths(BudgetView before, Money to, boolean lessOnly) {
        if (before.period() != Period.MONTHLY || !to.isPositive()) {
            throw Problem.invalid("monthlyAmount", "is above zero, and a monthly budget's");
        }
        if (!amounts.months(before, to, lessOnly)) {
            throw notGiving("have more a month");
        }
    }

    private static Problem notGiving(String what) {
        return new Problem(
                ProblemType.FORBIDDEN,
                "Only an admin or a key with budgetsWrite lets a budget %s that was given to the lab.".formatted(what));
    }

    private void lower(BudgetView before, Money to, Caller caller) {
        if (to.amount().signum() < 0) {
            throw Problem.invalid("amount", "must not be below zero");
        }
        var words = new Words("lowered", null, caller.actor(), clock.instant());
        months.open(Months.Which.budget(before.id()), words.at());
        if (amounts.lower(before.id(), to, words)) {
            return;
        }
        var now = now(before);
        if (to.isMoreThan(now.amount())) {
            throw Problem.invalid("amount", "is lowered here; it is raised by POST /api/v1/budgets/{budget}/credits");
        }
        if (!to.equals(now.amount())) {
            throw new Problem(
                            ProblemType.CONFLICT,
                            "It cannot be lowered to %s: %s is held, %s charged and %s overrun."
                                    .formatted(to, now.held(), now.charged(), now.overrun()))
                    .with("held", now.held())
                    .with("charged", now.charged())
                    .with("overrun", now.overrun());
        }
    }

    /** Whether it is a matter for the caller at all, whatever is asked. */
    static void requireMayDivide(Caller caller, BudgetView budget) {
        var ofWholeLab = budget.project() == null && budget.member() == null;
        if (ofWholeLab && !caller.mayGive()) {
            throw new Problem(
                    ProblemType.FORBIDDEN,
                    "Only an admin changes the budget of a whole lab; an owner divides money among projects and members.");
        }
    }

    private static Problem notMoved(BudgetView from, BudgetView to, Money amount) {
        if (to.closed()) {
            return closed(to);
        }
        return new Problem(
                        ProblemType.CONFLICT,
                        "Budget '%s' (%s) has %s available%s, not %s."
                                .formatted(
                                        from.name(),
                                        from.id(),
                                        from.available(),
                                        from.frozen() ? " and is frozen" : "",
                                        amount))
                .with("available", from.available());
    }

    static Problem closed(BudgetView budget) {
        return new Problem(
                ProblemType.CONFLICT,
                "Budget '%s' (%s) is closed; open another.".formatted(budget.name(), budget.id()));
    }

    private BudgetView now(BudgetView before) {
        return purse.view(before.id()).orElseThrow();
    }
}
