package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Caller;
import dev.bursar.core.Ids;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import dev.bursar.testing.TestLabs;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A lab with a budget of its own, one of a project and one of a member: in PostgreSQL, and in the model. */
final class Books {

    private static final List<String> NAMES = List.of("lab", "project", "member");

    private final Holds holds;
    private final Purse purse;
    private final BudgetRepository budgets;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final LabId lab;
    private final List<Long> windows = new ArrayList<>();
    private final List<HoldId> taken = new ArrayList<>();
    private final Model model = new Model();
    private boolean lastWasTaken;
    private long lastSpent;

    Books(ApplicationContext service, List<Long> amounts) {
        holds = service.getBean(Holds.class);
        purse = service.getBean(Purse.class);
        budgets = service.getBean(BudgetRepository.class);
        jdbc = service.getBean(JdbcClient.class);
        transaction = service.getBean(TransactionTemplate.class);
        clock = service.getBean(Clock.class);
        var labs = new TestLabs(jdbc, clock.instant().minusSeconds(1));
        lab = labs.lab();
        labs.project(lab, "p");
        windows.add(labs.budget(lab, null, null, dollars(amounts.get(0)), null));
        windows.add(labs.budget(lab, "p", null, dollars(amounts.get(1)), null));
        windows.add(labs.budget(lab, null, "ada", dollars(amounts.get(2)), null));
        amounts.forEach(amount -> model.budgets.add(new Model.Budget(amount)));
    }

    /** Takes a step in both, and says which corner it met. */
    String take(Step step) {
        return switch (step.verb()) {
            case TAKE -> takeHold(step);
            case RENEW -> renewed(step);
            case SETTLE -> settled(step);
            case CREDIT -> credited(step);
        };
    }

    /** The same call again; a credit is no position, it is made unique by its key. */
    void repeat(Step step) {
        switch (step.verb()) {
            case TAKE -> {
                if (lastWasTaken) {
                    assertThat(hold(taken.get(taken.size() - 1), step)).isEmpty();
                }
            }
            case RENEW ->
                open(step)
                        .ifPresent(id ->
                                inTransaction(() -> holds.renew(id, micros(lastSpent), renewal(step), Caller.BURSAR)));
            case SETTLE -> {
                if (!taken.isEmpty()) {
                    settle(any(step));
                }
            }
            case CREDIT -> {}
        }
    }

    private String takeHold(Step step) {
        var id = new HoldId(Ids.next(clock.instant()));
        var binding = new ArrayList<>(List.of(0));
        if (step.which() % 2 == 0) {
            binding.add(1);
        }
        if (step.which() % 3 == 0) {
            binding.add(2);
        }
        var shortage = hold(id, step);
        var fits = model.take(id.value(), binding, step.small());
        assertThat(shortage.isEmpty()).as("%s fits", step).isEqualTo(fits);
        lastWasTaken = fits;
        if (fits) {
            taken.add(id);
        }
        return fits ? "hold taken" : "hold refused";
    }

    private Optional<Shortage> hold(HoldId id, Step step) {
        var purpose = new Purpose(
                id,
                lab,
                step.which() % 2 == 0 ? new ProjectId("p") : null,
                new MemberId(step.which() % 3 == 0 ? "ada" : "bob"),
                "made-up",
                "ml.test",
                "tests/1");
        var overBy = clock.instant().plusSeconds(60);
        return inTransaction(() -> holds.take(purpose, micros(step.small()), overBy, Caller.BURSAR));
    }

    private String renewed(Step step) {
        var id = open(step);
        if (id.isEmpty()) {
            return "nothing to renew";
        }
        lastSpent = model.hold(id.get().value()).spent + step.large() / 4;
        var shortage = inTransaction(() -> holds.renew(id.get(), micros(lastSpent), renewal(step), Caller.BURSAR));
        var fits = model.renew(id.get().value(), lastSpent, step.small() / 2);
        assertThat(shortage.isEmpty()).as("%s fits", step).isEqualTo(fits);
        return fits ? "lease renewed" : "lease lost";
    }

    private String settled(Step step) {
        if (taken.isEmpty()) {
            return "nothing to settle";
        }
        var id = any(step);
        var hold = model.hold(id.value());
        var before = model.budgets.stream().mapToLong(budget -> budget.overrun).sum();
        var again = hold.closed;
        lastSpent = hold.spent + (step.large() % 3 == 0 ? step.large() : Math.min(hold.held, step.small()));
        settle(id);
        model.settle(id.value(), lastSpent);
        var overrun = model.budgets.stream().mapToLong(budget -> budget.overrun).sum() > before;
        return (again ? "corrected late" : "settled") + (overrun ? " with overrun" : "");
    }

    private String credited(Step step) {
        int at = step.which() % 3;
        inTransaction(() -> {
            purse.credit(budgetOf(at), micros(step.small()), new Purse.Reason("more", null), Caller.BURSAR);
            return Optional.empty();
        });
        model.credit(at, step.small());
        return "credited";
    }

    private Budget budgetOf(int at) {
        var id = jdbc.sql("select budget_id from budget_window where id = :window")
                .param("window", windows.get(at))
                .query(String.class)
                .single();
        return budgets.findById(id).orElseThrow();
    }

    private void settle(HoldId id) {
        inTransaction(() -> {
            holds.settle(id, micros(lastSpent), "settled", Caller.BURSAR);
            return Optional.empty();
        });
    }

    private static Money renewal(Step step) {
        return micros(step.small() / 2);
    }

    private HoldId any(Step step) {
        return taken.get(step.which() % taken.size());
    }

    private Optional<HoldId> open(Step step) {
        var open = taken.stream().filter(id -> !model.hold(id.value()).closed).toList();
        return open.isEmpty() ? Optional.empty() : Optional.of(open.get(step.which() % open.size()));
    }

    private Optional<Shortage> inTransaction(Supplier<Optional<Shortage>> verb) {
        return Objects.requireNonNull(transaction.execute(status -> verb.get()));
    }

    long entries() {
        return jdbc.sql("select count(*) from ledger_entry where window_id in (:windows)")
                .param("windows", windows)
                .query(Long.class)
                .single();
    }

    void requireAgreement(Step step) {
        for (int at = 0; at < windows.size(); at++) {
            var row = Row.of(jdbc, windows.get(at));
            var budget = model.budgets.get(at);
            var what = NAMES.get(at) + " after " + step;
            assertThat(row.window()).as(what).isEqualTo(Sums.of(budget));
            assertThat(row.ledger()).as(what + ", by its entries").isEqualTo(Sums.of(budget));
            assertThat(row.heldByHolds()).as(what + ", by its holds").isEqualTo(budget.held);
            assertThat(row.frozen()).as(what + ", frozen").isEqualTo(budget.frozen);
            assertThat(budget.held + budget.charged).as(what).isLessThanOrEqualTo(budget.amount);
        }
    }

    static Money micros(long amount) {
        return Money.of(BigDecimal.valueOf(amount, 6));
    }

    private static String dollars(long micros) {
        return BigDecimal.valueOf(micros, 6).toPlainString();
    }
}
