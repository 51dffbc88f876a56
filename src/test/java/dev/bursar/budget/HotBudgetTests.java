package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Caller;
import dev.bursar.core.Ids;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.testing.ServiceTest;
import dev.bursar.testing.TestLabs;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Many at once on one budget: not a micro-dollar too much, nobody refused who fits, no error, no deadlock. */
@ServiceTest
class HotBudgetTests {

    private static final int THREADS = 32;

    private final Holds holds;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;

    HotBudgetTests(Holds holds, JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
        this.holds = holds;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Test
    void holdsExactlyAsOftenAsTheMoneyLasts() throws Exception {
        var labs = labs();
        var lab = labs.lab();
        long window = labs.budget(lab, "1.00");

        var held = inParallel(320, () -> take(lab, "bob", "0.0230"));

        assertThat(held).filteredOn(Boolean::booleanValue).hasSize(43);
        assertThat(Row.of(jdbc, window).window()).isEqualTo(new Sums(1_000_000, 989_000, 0, 0));
        assertThat(Row.of(jdbc, window).ledger()).isEqualTo(new Sums(1_000_000, 989_000, 0, 0));
    }

    @Test
    void staysExactWhileWorkBeginsAndEndsAllTheTimeInOverlappingBudgets() throws Exception {
        var labs = labs();
        var lab = labs.lab();
        var windows = List.of(
                labs.budget(lab, "1.00"),
                labs.budget(lab, null, "ada", "0.60", null),
                labs.budget(lab, null, "bob", "0.60", null));

        inParallel(600, () -> {
            var member = ThreadLocalRandom.current().nextBoolean() ? "ada" : "bob";
            return takeAndSettle(lab, member);
        });

        for (long window : windows) {
            var row = Row.of(jdbc, window);
            assertThat(row.ledger()).isEqualTo(row.window());
            assertThat(row.window().held()).isZero();
            assertThat(row.window().charged()).isLessThanOrEqualTo(row.window().amount());
        }
        assertThat(Row.of(jdbc, windows.get(0)).window().charged())
                .isEqualTo(Row.of(jdbc, windows.get(1)).window().charged()
                        + Row.of(jdbc, windows.get(2)).window().charged());
    }

    private TestLabs labs() {
        return new TestLabs(jdbc, clock.instant().minusSeconds(1));
    }

    private boolean take(LabId lab, String member, String worst) {
        return take(new HoldId(Ids.next(clock.instant())), lab, member, worst);
    }

    private boolean take(HoldId id, LabId lab, String member, String worst) {
        var purpose = new Purpose(id, lab, null, new MemberId(member), "made-up", "ml.test", "tests/1");
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var shortage = holds.take(purpose, Money.of(worst), clock.instant(), Caller.BURSAR);
            shortage.ifPresent(why -> status.setRollbackOnly());
            return shortage.isEmpty();
        }));
    }

    private boolean takeAndSettle(LabId lab, String member) {
        var id = new HoldId(Ids.next(clock.instant()));
        if (!take(id, lab, member, "0.023")) {
            return false;
        }
        transaction.executeWithoutResult(status -> holds.settle(id, Money.of("0.003001"), "done", Caller.BURSAR));
        return true;
    }

    private static List<Boolean> inParallel(int times, Callable<Boolean> task) throws Exception {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            var tasks = new ArrayList<Callable<Boolean>>();
            var failed = new AtomicBoolean();
            for (int i = 0; i < times; i++) {
                tasks.add(() -> !failed.get() && callOrFail(task, failed));
            }
            var results = new ArrayList<Boolean>();
            for (var answer : threads.invokeAll(tasks)) {
                results.add(answer.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    /** After a first error the rest is not tried: a database full of deadlocks would take minutes to say it. */
    private static boolean callOrFail(Callable<Boolean> task, AtomicBoolean failed) throws Exception {
        try {
            return task.call();
        } catch (RuntimeException e) {
            failed.set(true);
            throw e;
        }
    }
}
