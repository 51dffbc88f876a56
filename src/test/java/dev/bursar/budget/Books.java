package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Caller;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import dev.bursar.testing.TestLabs;
import dev.bursar.web.Problem;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.context.ApplicationContext;

/**
 * A lab with a grant, so much a month for a project, what it leaves carried over, and so much a month for a member: in
 * PostgreSQL, and in the model.
 */
final class Books {

    private static final List<String> NAMES = List.of("lab", "project", "member");
    private static final List<Integer> ALL = List.of(0, 1, 2);

    private final Ledger ledger;
    private final List<String> budgets = new ArrayList<>();
    private final List<HoldId> taken = new ArrayList<>();
    private final List<List<Integer>> scopes = new ArrayList<>();
    private final Model model = new Model();
    private final Deaths deaths;
    private boolean lastWasTaken;
    private long lastSpent;
    private long lastAmount;

    Books(ApplicationContext service, List<Long> amounts) {
        ledger = new Ledger(service, Instant.parse("2041-01-15T12:00:00Z"));
        deaths = new Deaths(ledger, () -> requireAgreement("a death"));
        new TestLabs(ledger.jdbc, ledger.clock.instant()).project(ledger.lab, "p");
        budgets.add(ledger.grant(dollars(amounts.get(0)), null));
        budgets.add(ledger.monthly(new ProjectId("p"), null, dollars(amounts.get(1)), CarryOver.UNSPENT));
        budgets.add(ledger.monthly(null, new MemberId("ada"), dollars(amounts.get(2)), CarryOver.NONE));
        model.budgets.add(new Model.Budget(false, false, amounts.get(0)));
        model.budgets.add(new Model.Budget(true, true, amounts.get(1)));
        model.budgets.add(new Model.Budget(true, false, amounts.get(2)));
    }

    /** Takes a step in both, and says which corner it met. */
    String take(Step step) {
        ledger.clock.advance(java.time.Duration.ofSeconds(1));
        deaths.prepare(step.diesAfter());
        return switch (step.verb()) {
            case TAKE -> takeHold(step);
            case TAKE_TWICE -> takeTwoAtOnce(step);
            case RENEW -> renewed(step);
            case ROLL -> rolled(step);
            case SETTLE -> settled(step, step.large() % 5 == 0 ? step.large() : step.small() / 2);
            case OVERRUN -> settled(step, step.large() + 3_000_000);
            case CREDIT -> credited(step);
            case LOWER -> lowered(step);
            case TRANSFER -> transferred(step);
            case CLOSE -> closed(step);
            case EXPIRE -> expired(step);
            case ROLL_OVER -> rolledOver(step);
        };
    }

    boolean died() {
        return deaths.happened();
    }

    /** The same call again; credits and transfers are no positions, keys make them unique. */
    void repeat(Step step) {
        switch (step.verb()) {
            case TAKE, TAKE_TWICE -> {
                if (lastWasTaken) {
                    var at = taken.size() - 1;
                    assertThat(hold(taken.get(at), scopes.get(at), step.small()))
                            .isEmpty();
                }
            }
            case RENEW -> open(step).ifPresent(id -> renew(id, step));
            case ROLL -> open(step).ifPresent(id -> roll(id, step));
            case SETTLE, OVERRUN -> {
                if (!taken.isEmpty()) {
                    settle(any(step));
                }
            }
            case LOWER -> assertThat(lower(step)).isFalse();
            case CLOSE -> ledger.close(budget(step));
            case EXPIRE -> expire(step);
            case ROLL_OVER -> ready(step);
            case CREDIT, TRANSFER -> {}
        }
    }

    private String takeHold(Step step) {
        var id = ledger.newHold();
        var scope = scope(step);
        var shortage = deaths.survive(() -> hold(id, scope, step.small()));
        return took(step, id, scope, shortage.isEmpty()) ? "hold taken" : "hold refused";
    }

    private String takeTwoAtOnce(Step step) {
        var ids = List.of(ledger.newHold(), ledger.newHold());
        var scope = scope(step);
        var held = ids.parallelStream()
                .filter(id -> hold(id, scope, step.small()).isEmpty())
                .toList();
        int fits = 0;
        for (var id : held) {
            fits += took(step, id, scope, true) ? 1 : 0;
        }
        if (held.size() < 2) {
            assertThat(model.take("one too many", scope, step.small())).isFalse();
        }
        lastWasTaken = fits > 0;
        return fits == 2 ? "two taken at once" : "two at once: %d refused".formatted(2 - fits);
    }

    private boolean took(Step step, HoldId id, List<Integer> scope, boolean fitted) {
        lastWasTaken = model.take(id.value(), scope, step.small());
        assertThat(fitted).as("%s fits", step).isEqualTo(lastWasTaken);
        if (fitted) {
            taken.add(id);
            scopes.add(scope);
        }
        return fitted;
    }

    private Optional<Shortage> hold(HoldId id, List<Integer> scope, long amount) {
        var purpose = new Purpose(
                id,
                ledger.lab,
                scope.contains(1) ? new ProjectId("p") : null,
                new MemberId(scope.contains(2) ? "ada" : "bob"),
                "made-up",
                "ml.test",
                "tests/1");
        var overBy = ledger.clock.instant().plusSeconds(60);
        return ledger.in(() -> ledger.holds.take(purpose, micros(amount), overBy, Caller.BURSAR));
    }

    private String renewed(Step step) {
        var id = open(step);
        if (id.isEmpty()) {
            return "nothing to renew";
        }
        lastSpent = model.hold(id.get().value()).spent + step.large() / 4;
        var shortage = deaths.survive(() -> renew(id.get(), step));
        var fits = model.renew(id.get().value(), lastSpent, step.small() / 2);
        assertThat(shortage.isEmpty()).as("%s fits", step).isEqualTo(fits);
        return fits ? "lease renewed" : "lease lost";
    }

    private String rolled(Step step) {
        var id = open(step);
        if (id.isEmpty()) {
            return "nothing to roll";
        }
        var scope = scopes.get(taken.indexOf(id.get()));
        lastSpent = model.hold(id.get().value()).spent + step.large() / 4;
        var shortage = deaths.survive(() -> roll(id.get(), step));
        var fits = model.roll(id.get().value(), scope, lastSpent, step.small() / 2);
        assertThat(shortage.isEmpty()).as("%s fits", step).isEqualTo(fits);
        carry();
        return fits ? "lease rolled" : "lease lost";
    }

    private String settled(Step step, long more) {
        if (taken.isEmpty()) {
            return "nothing to settle";
        }
        var id = any(step);
        var hold = model.hold(id.value());
        var before = overrun();
        var again = hold.closed;
        lastSpent = hold.spent + more;
        deaths.survive(() -> settle(id));
        model.settle(id.value(), lastSpent);
        return (again ? "corrected late" : "settled") + (overrun() > before ? ", frozen by overrun" : "");
    }

    private long overrun() {
        return model.budgets.stream()
                .flatMap(budget -> budget.windows.stream())
                .mapToLong(window -> window.overrun)
                .sum();
    }

    private String credited(Step step) {
        int at = ALL.stream()
                .filter(i -> model.budgets.get(i).frozen())
                .findFirst()
                .orElse(step.which() % 3);
        var wasFrozen = model.budgets.get(at).frozen();
        long amount = wasFrozen ? step.small() + 3 * step.large() : step.small();
        var fits = deaths.survive(() -> credit(budgets.get(at), amount));
        assertThat(fits).as("%s fits", step).isEqualTo(model.credit(at, amount));
        var thawed = wasFrozen && !model.budgets.get(at).frozen();
        return fits ? "credited" + (thawed ? ", freeze cleared" : "") : "credit refused";
    }

    private boolean credit(String budget, long amount) {
        try {
            ledger.credit(budget, dollars(amount));
            return true;
        } catch (Problem refused) {
            return false;
        }
    }

    private String lowered(Step step) {
        lastAmount = Math.max(0, model.budgets.get(step.which() % 3).last().amount - step.small());
        var fits = deaths.survive(() -> lower(step));
        assertThat(fits).as("%s fits", step).isEqualTo(model.lower(step.which() % 3, lastAmount));
        return fits ? "lowered" : "lowering refused";
    }

    private boolean lower(Step step) {
        return ledger.in(() -> ledger.amounts.lower(budget(step), micros(lastAmount), words()));
    }

    private String transferred(Step step) {
        int from = step.which() % 3;
        int to = (from + 1 + step.which() / 6) % 3;
        var fits = deaths.survive(() -> ledger.in(
                () -> ledger.amounts.transfer(budgets.get(from), budgets.get(to), micros(step.small()), words())));
        assertThat(fits).as("%s fits", step).isEqualTo(model.transfer(from, to, step.small()));
        return fits ? "transferred" : "transfer refused";
    }

    private String closed(Step step) {
        ledger.close(budget(step));
        model.budgets.get(step.which() % 3).closed = true;
        return "closed";
    }

    private String expired(Step step) {
        assertThat(deaths.survive(() -> expire(step))).isTrue();
        model.end(step.which() % 3);
        return "expired";
    }

    private boolean expire(Step step) {
        return ledger.in(() -> ledger.amounts.endAt(ledger.view(budget(step)), ledger.clock.instant(), false));
    }

    /** Half of the time the duty runs then, else whoever takes money finds the month to be opened. */
    private String rolledOver(Step step) {
        var withHolds = model.holds.values().stream()
                .anyMatch(
                        hold -> hold.held > 0 && hold.windows.stream().anyMatch(window -> window.month == model.month));
        var next = ledger.clock
                .instant()
                .atZone(java.time.ZoneOffset.UTC)
                .plusMonths(1)
                .truncatedTo(ChronoUnit.DAYS);
        ledger.moveTo(next.withDayOfMonth(1).plusHours(1).toInstant().toString());
        model.month++;
        deaths.survive(() -> ready(step));
        if (step.which() % 2 == 0) {
            model.ready(ALL);
        }
        return withHolds ? "roll-over with open holds" : "roll-over";
    }

    /** What was released in a month that is over moves on, before a repeated step would move it. */
    private void carry() {
        ledger.in(() -> {
            budgets.forEach(id -> ledger.months.makeReady(Months.Which.budget(id), ledger.clock.instant()));
            return true;
        });
        model.ready(ALL);
    }

    private boolean ready(Step step) {
        if (step.which() % 2 == 0) {
            ledger.in(() -> {
                budgets.forEach(id -> ledger.months.makeReady(Months.Which.budget(id), ledger.clock.instant()));
                return true;
            });
        }
        return true;
    }

    private Amounts.Words words() {
        return new Amounts.Words("tests", null, "t", ledger.clock.instant());
    }

    private String budget(Step step) {
        return budgets.get(step.which() % 3);
    }

    private static List<Integer> scope(Step step) {
        return ALL.stream()
                .filter(at -> at == 0 || (at == 1 && step.which() % 2 == 0) || (at == 2 && step.which() % 3 == 0))
                .toList();
    }

    private Optional<Shortage> renew(HoldId id, Step step) {
        return ledger.in(() -> ledger.holds.renew(id, micros(lastSpent), micros(step.small() / 2), Caller.BURSAR));
    }

    private Optional<Shortage> roll(HoldId id, Step step) {
        return ledger.in(() -> ledger.holds.roll(id, micros(lastSpent), micros(step.small() / 2), Caller.BURSAR));
    }

    private boolean settle(HoldId id) {
        ledger.settle(id, dollars(lastSpent));
        return true;
    }

    private HoldId any(Step step) {
        return taken.get(step.which() % taken.size());
    }

    private Optional<HoldId> open(Step step) {
        var open = taken.stream().filter(id -> !model.hold(id.value()).closed).toList();
        return open.isEmpty() ? Optional.empty() : Optional.of(open.get(step.which() % open.size()));
    }

    long entries() {
        return ledger.jdbc
                .sql(
                        "select count(*) from ledger_entry e join budget_window w on w.id = e.window_id where budget_id in (:budgets)")
                .param("budgets", budgets)
                .query(Long.class)
                .single();
    }

    void requireAgreement(Object step) {
        var ids = taken.stream().map(HoldId::value).toList();
        for (int at : ALL) {
            var rows = Row.ofBudget(ledger.jdbc, budgets.get(at), ids);
            var windows = model.budgets.get(at).windows;
            var what = NAMES.get(at) + " after " + step;
            assertThat(rows).as(what + ", months").hasSameSizeAs(windows);
            IntStream.range(0, rows.size()).forEach(i -> agree(what + ", month " + i, rows.get(i), windows.get(i)));
        }
    }

    private static void agree(String what, Row row, Model.Window window) {
        assertThat(row.window()).as(what).isEqualTo(Sums.of(window));
        assertThat(row.ledger()).as(what + ", by its entries").isEqualTo(Sums.of(window));
        assertThat(row.heldByHolds()).as(what + ", by its holds").isEqualTo(window.held);
        assertThat(row.frozen()).as(what + ", frozen").isEqualTo(window.frozen);
        assertThat(window.held + window.charged).as(what).isLessThanOrEqualTo(window.amount);
    }

    static Money micros(long amount) {
        return Money.of(BigDecimal.valueOf(amount, 6));
    }

    private static String dollars(long micros) {
        return BigDecimal.valueOf(micros, 6).toPlainString();
    }
}
