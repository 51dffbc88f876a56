package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.budget.BudgetView.State;
import dev.bursar.core.Caller;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.testing.ServiceTest;
import dev.bursar.web.Problem;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;

/** The months of a budget (rule M8), told by a clock that jumps. */
@ServiceTest
class WindowTests {

    private static final int THREADS = 16;

    private final Ledger ledger;

    WindowTests(ApplicationContext service) {
        ledger = new Ledger(service, Instant.parse("2031-11-15T12:00:00Z"));
    }

    @AfterEach
    void theAuditFindsNothing() {
        assertThat(ledger.differences()).isEmpty();
    }

    @Test
    void holdsInTheMonthItWasTakenIn() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        ledger.take("4");

        ledger.moveTo("2031-12-01T00:00:00Z");
        ledger.take("7");

        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 4 0 0", "2031-12 10 7 0 0");
    }

    @Test
    void chargesLateWorkInItsOwnMonth() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        var late = ledger.take("4");

        ledger.moveTo("2031-12-02T00:00:00Z");
        ledger.settle(late, "3.5");
        ledger.settle(late, "3.5");

        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 0 3.5 0");
        ledger.rollover.tick();
        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 0 3.5 0", "2031-12 10 0 0 0");
    }

    @Test
    void carriesOverWhatIsUnspentOnceAndWhatIsReleasedLater() {
        var budget = ledger.monthly("10", CarryOver.UNSPENT, "UTC");
        ledger.settle(ledger.take("2"), "1.25");
        var late = ledger.take("4");
        ledger.moveTo("2031-12-01T00:00:00Z");

        ledger.take("14.75");
        ledger.rollover.tick();

        assertThat(ledger.windows(budget)).containsExactly("2031-11 5.25 4 1.25 0", "2031-12 14.75 14.75 0 0");
        ledger.settle(late, "1");
        ledger.take("3");
        ledger.rollover.tick();
        assertThat(ledger.windows(budget)).containsExactly("2031-11 2.25 0 2.25 0", "2031-12 17.75 17.75 0 0");
    }

    @Test
    void carriesOverAllOfAMonthThatWasOverWhenItWasOpened() {
        var budget = ledger.monthly("10", CarryOver.UNSPENT, "UTC");
        ledger.take("10");
        ledger.moveTo("2032-01-10T00:00:00Z");

        ledger.take("20");

        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 10 0 0", "2031-12 0 0 0 0", "2032-01 20 20 0 0");
    }

    @Test
    void leavesWhatIsUnspentWhereItIsUnlessItIsToBeCarried() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        ledger.moveTo("2031-12-01T00:00:00Z");

        assertThat(ledger.take(ledger.newHold(), "10.000001", ledger.clock.instant()))
                .hasValueSatisfying(shortage -> assertThat(shortage.why()).isEqualTo(Shortage.Why.TOO_LITTLE));

        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 0 0 0", "2031-12 10 0 0 0");
    }

    @Test
    void opensTheNextMonthOnceHoweverManyAsk() throws Exception {
        var budget = ledger.monthly("1", CarryOver.UNSPENT, "UTC");
        ledger.moveTo("2031-12-01T00:00:00Z");

        var held = inParallel(
                160,
                () -> ledger.take(ledger.newHold(), "0.0500", ledger.clock.instant())
                        .isEmpty());

        assertThat(held).isEqualTo(40);
        assertThat(ledger.windows(budget)).containsExactly("2031-11 0 0 0 0", "2031-12 2 2 0 0");
    }

    @Test
    void carriesLateReleasesOnceWhileManyHoldAndSettleAndTheDutyRuns() throws Exception {
        var budget = ledger.monthly("1", CarryOver.UNSPENT, "UTC");
        var late = IntStream.range(0, 20).mapToObj(at -> ledger.take("0.05")).toList();
        ledger.moveTo("2031-12-01T00:00:00Z");
        var next = new AtomicInteger();

        inParallel(60, () -> {
            int at = next.getAndIncrement();
            if (at % 3 == 0) {
                ledger.settle(late.get(at / 3), "0.02");
            } else if (at % 3 == 1) {
                ledger.settle(ledger.take("0.01"), "0.005");
            } else {
                ledger.rollover.tick();
            }
            return true;
        });
        ledger.rollover.tick();

        assertThat(ledger.windows(budget)).containsExactly("2031-11 0.4 0 0.4 0", "2031-12 1.6 0 0.1 0");
    }

    @Test
    void opensEveryMonthThatNobodyAskedFor() {
        var budget = ledger.monthly("10", CarryOver.UNSPENT, "UTC");
        ledger.moveTo("2032-02-10T00:00:00Z");

        ledger.take("40");

        assertThat(ledger.windows(budget))
                .containsExactly("2031-11 0 0 0 0", "2031-12 0 0 0 0", "2032-01 0 0 0 0", "2032-02 40 40 0 0");
    }

    @Test
    void opensAMonthAnHourBeforeItBeginsAndPaysNothingFromItUntilThen() {
        var budget = ledger.monthly("10", CarryOver.UNSPENT, "UTC");
        ledger.take("6");
        ledger.moveTo("2031-11-30T23:00:00Z");
        ledger.rollover.tick();

        assertThat(ledger.view(budget).window().month()).isEqualTo("2031-11");
        assertThat(ledger.take(ledger.newHold(), "5", ledger.clock.instant())).isPresent();
        ledger.credit(budget, "1");
        assertThat(ledger.windows(budget)).containsExactly("2031-11 11 6 0 0", "2031-12 10 0 0 0");

        ledger.moveTo("2031-12-01T00:00:00Z");
        assertThat(ledger.view(budget).window().month()).isEqualTo("2031-12");
        ledger.credit(budget, "1");
        assertThat(ledger.windows(budget)).containsExactly("2031-11 11 6 0 0", "2031-12 11 0 0 0");
    }

    @Test
    void beginsItsMonthsWhereTheBudgetIsAlsoWhenTheClocksChange() {
        var zurich = ledger.monthly("10", CarryOver.NONE, "Europe/Zurich");
        ledger.moveTo("2032-04-15T00:00:00Z");
        ledger.rollover.tick();

        assertThat(ends(zurich))
                .startsWith("2031-11-30T23:00:00Z", "2031-12-31T23:00:00Z")
                .endsWith("2032-02-29T23:00:00Z", "2032-03-31T22:00:00Z", "2032-04-30T22:00:00Z");
    }

    /** In 2017 the first of October began at one o'clock in Paraguay. */
    @Test
    void beginsAMonthWithTheFirstMomentThatItsFirstDayHas() {
        var start = Instant.parse("2017-09-15T00:00:00Z");

        assertThat(Month.from(start, ZoneId.of("America/Asuncion")))
                .isEqualTo(new Month("2017-09", start, Instant.parse("2017-10-01T04:00:00Z")));
    }

    @Test
    void goesOnInTheNextMonthWithWhatIsLeased() {
        var months = ledger.monthly(null, new MemberId("ada"), "10", CarryOver.NONE);
        var grant = ledger.grant("100", null);
        var lease = ledger.take("2");
        assertThat(ledger.holds.paidForUpTo(lease)).contains(Instant.parse("2031-12-01T00:00:00Z"));
        ledger.moveTo("2031-12-01T00:00:00Z");

        assertThat(ledger.roll(lease, "1.5", "3")).isEmpty();
        assertThat(ledger.roll(lease, "1.5", "3")).isEmpty();

        assertThat(ledger.windows(months)).containsExactly("2031-11 10 0 1.5 0", "2031-12 10 3 0 0");
        assertThat(ledger.windows(grant)).containsExactly("100 3 1.5 0");
        assertThat(ledger.holds.paidForUpTo(lease)).contains(Instant.parse("2032-01-01T00:00:00Z"));
        ledger.settle(lease, "4");
        assertThat(ledger.windows(months)).containsExactly("2031-11 10 0 1.5 0", "2031-12 10 0 2.5 0");
        assertThat(ledger.windows(grant)).containsExactly("100 0 4 0");
    }

    @Test
    void leavesALeaseWithItsOldHoldWhereTheNextMonthIsShort() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        var lease = ledger.take("2");
        ledger.moveTo("2031-12-01T00:00:00Z");
        ledger.take("8");

        assertThat(ledger.roll(lease, "1.5", "3"))
                .hasValueSatisfying(shortage -> assertThat(shortage.why()).isEqualTo(Shortage.Why.HELD_BY_OTHERS));

        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 2 0 0", "2031-12 10 8 0 0");
        ledger.settle(lease, "1.75");
        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 0 1.75 0", "2031-12 10 8 0 0");
    }

    @Test
    void recordsWhatAnOldMonthCannotPayOfALease() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        var lease = ledger.take("10");
        ledger.moveTo("2031-12-01T00:00:00Z");

        assertThat(ledger.roll(lease, "11", "1"))
                .hasValueSatisfying(shortage -> assertThat(shortage.why()).isEqualTo(Shortage.Why.FROZEN));

        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 0 10 1", "2031-12 10 0 0 0");
        ledger.settle(lease, "11");
        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 0 10 1", "2031-12 10 0 0 0");
    }

    @Test
    void isFrozenByAnOldMonthUntilACreditClearsIt() {
        var budget = ledger.monthly("10", CarryOver.UNSPENT, "UTC");
        var late = ledger.take("10");
        ledger.moveTo("2031-12-01T00:00:00Z");
        ledger.settle(late, "12");

        assertThat(ledger.take(ledger.newHold(), "1", ledger.clock.instant()))
                .hasValueSatisfying(shortage -> assertThat(shortage.why()).isEqualTo(Shortage.Why.FROZEN));
        ledger.credit(budget, "1.5");
        assertThat(ledger.view(budget).state()).isEqualTo(State.FROZEN);
        ledger.credit(budget, "1.5");

        assertThat(ledger.view(budget).state()).isEqualTo(State.OPEN);
        assertThat(ledger.windows(budget)).containsExactly("2031-11 12 0 10 2", "2031-12 11 0 0 0");
        ledger.take("11");
    }

    @Test
    void admitsWorkThatPassesAMonthSEndButNotItsBudgetSEnd() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        var now = ledger.clock.instant();
        assertThat(ledger.take(ledger.newHold(), "1", now.plusSeconds(30 * 86_400)))
                .isEmpty();

        ledger.revise(budget, new Revisions.Change(null, null, now.plusSeconds(86_400), null));

        assertThat(ledger.take(ledger.newHold(), "1", now.plusSeconds(86_401)))
                .hasValueSatisfying(shortage -> assertThat(shortage.why()).isEqualTo(Shortage.Why.ENDS_TOO_SOON));
        assertThat(ledger.take(ledger.newHold(), "1", now.plusSeconds(86_400))).isEmpty();
        ledger.moveTo("2031-12-02T00:00:00Z");
        ledger.rollover.tick();
        assertThat(ledger.take(ledger.newHold(), "1", ledger.clock.instant()))
                .hasValueSatisfying(shortage -> assertThat(shortage.why()).isEqualTo(Shortage.Why.NO_BUDGET));
        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 2 0 0");
        assertThat(ledger.view(budget).state()).isEqualTo(State.ENDING);
    }

    @Test
    void windsAGrantDown() {
        var end = Instant.parse("2031-11-20T00:00:00Z");
        var grant = ledger.grant("10", end);
        assertThat(ledger.view(grant).state()).isEqualTo(State.OPEN);
        var last = ledger.take("4");

        ledger.moveTo("2031-11-20T00:00:00Z");

        assertThat(ledger.view(grant).state()).isEqualTo(State.ENDING);
        assertThat(ledger.take(ledger.newHold(), "1", end)).isPresent();
        ledger.settle(last, "2");
        assertThat(ledger.view(grant).state()).isEqualTo(State.ENDED);
        assertThat(ledger.windows(grant)).containsExactly("10 0 2 0");
    }

    @Test
    void opensNoMonthOfAClosedBudget() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        ledger.close(budget);
        ledger.moveTo("2031-12-01T00:00:00Z");
        ledger.rollover.tick();

        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 0 0 0");
    }

    @Test
    void givesMonthsToComeAnotherAmount() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        var change = new Revisions.Change(null, null, null, Money.of("12"));
        ledger.revise(budget, change);

        ledger.moveTo("2031-12-01T00:00:00Z");
        ledger.rollover.tick();

        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 0 0 0", "2031-12 12 0 0 0");
    }

    @Test
    void waitsWithoutAHoldInNoMonth() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        ledger.take("8");
        var waiting = ledger.newHold();
        assertThat(ledger.take(waiting, "5", ledger.clock.instant())).isPresent();

        ledger.moveTo("2031-12-01T00:00:00Z");

        assertThat(ledger.take(waiting, "5", ledger.clock.instant())).isEmpty();
        assertThat(ledger.windows(budget)).containsExactly("2031-11 10 8 0 0", "2031-12 10 5 0 0");
    }

    @Test
    void statesOneMonthOrAll() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        var lease = ledger.take("2");
        ledger.moveTo("2031-12-01T00:00:00Z");
        ledger.roll(lease, "1.5", "3");
        ledger.settle(lease, "4");
        var reads = new BudgetReads(ledger.jdbc, ids -> Map.of(), ledger.clock);

        assertThat(reads.statement(budget, BudgetReads.By.MEMBER, null))
                .extracting(BudgetReads.Line::spent)
                .containsExactly(Money.of("4"));
        assertThat(reads.statement(budget, BudgetReads.By.MEMBER, "2031-11"))
                .extracting(BudgetReads.Line::spent)
                .containsExactly(Money.of("1.5"));
        assertThat(reads.windows(budget, null, 1).items())
                .extracting(BudgetWindow::month)
                .containsExactly("2031-12");
        assertThat(reads.windows(budget, "2031-12", 1).items())
                .extracting(BudgetWindow::month)
                .containsExactly("2031-11");
    }

    @Test
    void showsWhatRunningWorkHasUsedAndIsNotChargedYet() {
        var budget = ledger.monthly("10", CarryOver.NONE, "UTC");
        var lease = ledger.take("2");
        ledger.roll(lease, "0.5", "2");
        ledger.take("1");
        var reads = new BudgetReads(ledger.jdbc, ids -> Map.of(lease, Money.of("1.25")), ledger.clock);

        assertThat(reads.findWithAccrued(Caller.BURSAR, budget).orElseThrow().accrued())
                .isEqualTo(Money.of("0.75"));
    }

    @Test
    void refusesWhatBelongsToTheOtherPeriod() {
        var asked = new NewBudget(
                null,
                null,
                null,
                "b",
                Money.of("1"),
                null,
                null,
                null,
                null,
                Period.MONTHLY,
                Money.of("1"),
                null,
                null);
        var late = new NewBudget(
                null,
                null,
                null,
                "b",
                null,
                null,
                null,
                Instant.parse("2031-10-31T00:00:00Z"),
                null,
                Period.MONTHLY,
                Money.of("1"),
                null,
                null);
        var elsewhere = new NewBudget(
                null, null, null, "b", Money.of("1"), null, null, null, null, null, null, null, "Mars/Olympus");

        assertThatThrownBy(() -> ledger.open(asked)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> ledger.open(late)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> ledger.open(elsewhere)).isInstanceOf(Problem.class);
    }

    private List<String> ends(String budget) {
        return ledger.jdbc
                .sql("select ends_at from budget_window where budget_id = :budget order by ends_at")
                .param("budget", budget)
                .query((row, number) -> row.getTimestamp(1).toInstant().toString())
                .list();
    }

    /** How often it was true. */
    private static long inParallel(int times, Callable<Boolean> task) throws Exception {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            long held = 0;
            for (var answer : threads.invokeAll(Collections.nCopies(times, task))) {
                held += answer.get() ? 1 : 0;
            }
            return held;
        } finally {
            threads.shutdown();
        }
    }
}
