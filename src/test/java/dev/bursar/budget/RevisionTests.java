package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.budget.Revisions.Change;
import dev.bursar.budget.Revisions.Transfer;
import dev.bursar.core.Caller;
import dev.bursar.core.Ids;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.core.Role;
import dev.bursar.testing.ServiceTest;
import dev.bursar.testing.TestLabs;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@ServiceTest
class RevisionTests {

    private static final int THREADS = 16;

    private final Revisions revisions;
    private final Purse purse;
    private final BudgetRepository budgets;
    private final Holds holds;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final TestLabs labs;
    private final LabId lab;

    RevisionTests(
            Revisions revisions,
            Purse purse,
            BudgetRepository budgets,
            Holds holds,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Clock clock) {
        this.revisions = revisions;
        this.purse = purse;
        this.budgets = budgets;
        this.holds = holds;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
        this.labs = new TestLabs(jdbc, clock.instant().minusSeconds(60));
        this.lab = labs.lab();
    }

    @Test
    void lowersDownToWhatIsHeldAndNoFurther() {
        long window = labs.budget(lab, "5");
        assertThat(take("2")).isEmpty();

        refused(ProblemType.CONFLICT, () -> revisions.revise(view(window), 0, amount("1.999999"), Caller.BURSAR));
        var lowered = revisions.revise(view(window), 0, amount("2"), Caller.BURSAR);

        assertThat(lowered.amount()).isEqualTo(Money.of("2"));
        assertThat(lowered.version()).isEqualTo(1);
        assertThat(Row.of(jdbc, window).ledger()).isEqualTo(new Sums(2_000_000, 2_000_000, 0, 0));
    }

    @Test
    void countsAnOverrunAsSpent() {
        long window = labs.budget(lab, "2");
        var id = new HoldId("h" + Ids.next(clock.instant()));
        assertThat(take(id, "1")).isEmpty();
        transaction.executeWithoutResult(status -> {
            holds.settle(id, Money.of("2.5"), "late", Caller.BURSAR);
            var more = new Purse.Reason("more", null);
            purse.credit(budgets.findById(view(window).id()).orElseThrow(), Money.of("1"), more, Caller.BURSAR);
        });

        refused(ProblemType.CONFLICT, () -> revisions.revise(view(window), 0, amount("2.499999"), Caller.BURSAR));

        assertThat(revisions
                        .revise(view(window), 0, amount("2.5"), Caller.BURSAR)
                        .available())
                .isEqualTo(Money.ZERO);
    }

    @Test
    void isRaisedByCreditsOnly() {
        long window = labs.budget(lab, "5");

        refused(ProblemType.INVALID_REQUEST, () -> revisions.revise(view(window), 0, amount("6"), Caller.BURSAR));
        refused(ProblemType.INVALID_REQUEST, () -> revisions.revise(view(window), 0, amount("-1"), Caller.BURSAR));
    }

    @Test
    void changesOnlyTheVersionThatWasRead() {
        long window = labs.budget(lab, "5");
        var end = clock.instant().plusSeconds(3600);

        var renamed = revisions.revise(view(window), 0, new Change("new", null, end, null), Caller.BURSAR);

        assertThat(renamed.name()).isEqualTo("new");
        assertThat(renamed.amount()).isEqualTo(Money.of("5"));
        assertThat(renamed.endsAt()).isNotNull();
        refused(
                ProblemType.CHANGED_MEANWHILE,
                () -> revisions.revise(view(window), 0, new Change("again", null, null, null), Caller.BURSAR));
    }

    @Test
    void leavesTheLabsOwnBudgetToAdmins() {
        var whole = view(labs.budget(lab, "5"));
        var own = view(labs.budget(lab, null, "ada", "1", null));
        var owner = new Caller(lab, new MemberId("pi"), Role.OWNER, false, null, null, null);

        refused(ProblemType.FORBIDDEN, () -> revisions.revise(whole, 0, amount("1"), owner));
        refused(ProblemType.FORBIDDEN, () -> revisions.close(whole, owner));
        refused(ProblemType.FORBIDDEN, () -> revisions.transfer(whole, own, transfer(own, "1"), owner));
        refused(ProblemType.FORBIDDEN, () -> revisions.transfer(own, whole, transfer(whole, "1"), owner));
    }

    @Test
    void paysWhatItHoldsAfterItIsClosedAndNothingNew() {
        long window = labs.budget(lab, "5");
        var id = new HoldId("h" + Ids.next(clock.instant()));
        assertThat(take(id, "2")).isEmpty();

        var closed = revisions.close(view(window), Caller.BURSAR);

        assertThat(closed.closed()).isTrue();
        assertThat(take("1").orElseThrow().why()).isEqualTo(Shortage.Why.NO_BUDGET);
        var shortage = java.util.Objects.requireNonNull(
                transaction.execute(status -> holds.renew(id, Money.ZERO, Money.of("3"), Caller.BURSAR)));
        assertThat(shortage.orElseThrow().why()).isEqualTo(Shortage.Why.CLOSED);
        transaction.executeWithoutResult(status -> holds.settle(id, Money.of("2.5"), "late", Caller.BURSAR));
        assertThat(Row.of(jdbc, window).window()).isEqualTo(new Sums(5_000_000, 0, 2_500_000, 0));
        refused(ProblemType.CONFLICT, () -> revisions.revise(view(window), 1, amount("3"), Caller.BURSAR));
        assertThat(revisions.close(view(window), Caller.BURSAR).version()).isEqualTo(1);
    }

    @Test
    void movesWhatIsAvailableAndNoMicroDollarMore() {
        long from = labs.budget(lab, null, "ada", "5", null);
        long to = labs.budget(lab, null, "bob", "1", null);
        labs.project(lab, "p");

        refused(
                ProblemType.CONFLICT,
                () -> revisions.transfer(view(from), view(to), transfer(view(to), "5.000001"), Caller.BURSAR));
        var left = revisions.transfer(view(from), view(to), transfer(view(to), "5"), Caller.BURSAR);

        assertThat(left.amount()).isEqualTo(Money.ZERO);
        assertThat(Row.of(jdbc, from).ledger().amount()).isZero();
        assertThat(Row.of(jdbc, to).ledger().amount()).isEqualTo(6_000_000);
        assertThat(Row.of(jdbc, to).window().amount()).isEqualTo(6_000_000);
    }

    @Test
    void movesNothingToAnotherLabOrToAClosedBudget() {
        var from = view(labs.budget(lab, null, "ada", "5", null));
        var foreign = view(labs.budget(labs.lab(), "1"));
        var closed = revisions.close(view(labs.budget(lab, null, "bob", "1", null)), Caller.BURSAR);

        refused(
                ProblemType.INVALID_REQUEST,
                () -> revisions.transfer(from, foreign, transfer(foreign, "1"), Caller.BURSAR));
        refused(ProblemType.INVALID_REQUEST, () -> revisions.transfer(from, from, transfer(from, "1"), Caller.BURSAR));
        refused(ProblemType.CONFLICT, () -> revisions.transfer(from, closed, transfer(closed, "1"), Caller.BURSAR));
    }

    @Test
    void neitherLosesNorMakesMoneyWhereManyTransferBothWaysAndHold() throws Exception {
        long one = labs.budget(lab, null, "ada", "1", null);
        long two = labs.budget(lab, null, "bob", "1", null);

        var moved = inParallel(
                160,
                at -> at % 4 == 0
                        ? take("0.03").isEmpty()
                        : tried(at % 2 == 0 ? view(one) : view(two), at % 2 == 0 ? view(two) : view(one)));

        assertThat(moved).contains(true, false);
        var first = Row.of(jdbc, one);
        var second = Row.of(jdbc, two);
        assertThat(first.window()).isEqualTo(first.ledger());
        assertThat(second.window()).isEqualTo(second.ledger());
        assertThat(first.window().amount() + second.window().amount()).isEqualTo(2_000_000);
    }

    private boolean tried(BudgetView from, BudgetView to) {
        try {
            revisions.transfer(from, to, transfer(to, "0.07"), Caller.BURSAR);
            return true;
        } catch (Problem refused) {
            assertThat(refused.type()).isEqualTo(ProblemType.CONFLICT);
            return false;
        }
    }

    private static List<Boolean> inParallel(int times, java.util.function.IntPredicate work) throws Exception {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            var calls = IntStream.range(0, times)
                    .<Callable<Boolean>>mapToObj(at -> () -> work.test(at))
                    .toList();
            var answers = new java.util.ArrayList<Boolean>();
            for (var answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void refused(ProblemType type, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private Optional<Shortage> take(String amount) {
        return take(new HoldId("h" + Ids.next(clock.instant())), amount);
    }

    private Optional<Shortage> take(HoldId id, String amount) {
        var purpose = new Purpose(id, lab, null, new MemberId("ada"), "made-up", "ml.test", "tests/1");
        return java.util.Objects.requireNonNull(
                transaction.execute(status -> holds.take(purpose, Money.of(amount), clock.instant(), Caller.BURSAR)));
    }

    private BudgetView view(long window) {
        var id = jdbc.sql("select budget_id from budget_window where id = :window")
                .param("window", window)
                .query(String.class)
                .single();
        return purse.view(id).orElseThrow();
    }

    private static Change amount(String amount) {
        return new Change(null, Money.of(amount), null, null);
    }

    private static Transfer transfer(BudgetView to, String amount) {
        return new Transfer(to.id(), Money.of(amount), "tests");
    }
}
