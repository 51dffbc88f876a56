package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Caller;
import dev.bursar.core.Ids;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.testing.ServiceTest;
import dev.bursar.testing.TestLabs;
import java.sql.Timestamp;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A hold is charged in the window in which it was taken (rule M8), also when that has ended in the meantime. */
@ServiceTest
class EndedWindowTests {

    private final Holds holds;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;

    EndedWindowTests(Holds holds, JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
        this.holds = holds;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Test
    void chargesMoreThanWasHeldFromWhatIsFree() {
        long window = windowWithAHoldOf("1", "h" + Ids.next(clock.instant()), "1.5");

        assertThat(Row.of(jdbc, window).window()).isEqualTo(new Sums(2_000_000, 0, 1_500_000, 0));
    }

    @Test
    void recordsWhatExceedsItAsOverrun() {
        long window = windowWithAHoldOf("1", "h" + Ids.next(clock.instant()), "2.5");

        assertThat(Row.of(jdbc, window).window()).isEqualTo(new Sums(2_000_000, 0, 2_000_000, 500_000));
        assertThat(Row.of(jdbc, window).ledger()).isEqualTo(new Sums(2_000_000, 0, 2_000_000, 500_000));
    }

    @Test
    void takesNothingNew() {
        var lab = labs().lab();
        end(labs().budget(lab, "2"));

        transaction.executeWithoutResult(status -> {
            var shortage = holds.take(purpose("h" + lab, lab), Money.of("1"), clock.instant(), Caller.BURSAR);
            assertThat(shortage.orElseThrow().why()).isEqualTo(Shortage.Why.NO_BUDGET);
        });
    }

    private long windowWithAHoldOf(String held, String id, String cost) {
        var lab = labs().lab();
        long window = labs().budget(lab, "2");
        transaction.executeWithoutResult(
                status -> assertThat(holds.take(purpose(id, lab), Money.of(held), clock.instant(), Caller.BURSAR))
                        .isEmpty());
        end(window);
        transaction.executeWithoutResult(status -> holds.settle(new HoldId(id), Money.of(cost), "late", Caller.BURSAR));
        return window;
    }

    private void end(long window) {
        jdbc.sql("update budget_window set ends_at = ? where id = ?")
                .params(Timestamp.from(clock.instant()), window)
                .update();
    }

    private TestLabs labs() {
        return new TestLabs(jdbc, clock.instant().minusSeconds(60));
    }

    private static Purpose purpose(String id, LabId lab) {
        return new Purpose(new HoldId(id), lab, null, new MemberId("ada"), "made-up", "ml.test", "tests/1");
    }
}
