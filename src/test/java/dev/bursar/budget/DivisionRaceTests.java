package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.core.Caller;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.testing.ServiceTest;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;

/** Rule M9 where many divide at once, while what was given is closed, shrinks, or lasts for longer than its shares. */
@ServiceTest
class DivisionRaceTests {

    private static final Instant NEW_YEAR = Instant.parse("2041-01-01T00:00:00Z");

    private final Ledger ledger;

    DivisionRaceTests(ApplicationContext service) {
        ledger = new Ledger(service, NEW_YEAR);
    }

    @Test
    void opensOneShareWhereManyDivideAtOnceAndPaysNoMoreThanWasGiven() throws Exception {
        ledger.grant("1", null);

        var opened = inParallel(16, at -> opens("100000"));
        var taken = inParallel(64, at -> takes("0.05"));

        assertThat(opened).containsOnlyOnce(true);
        assertThat(taken.stream().filter(Boolean::booleanValue)).hasSize(20);
        assertThat(held()).isEqualByComparingTo("1");
    }

    @Test
    void holdsInTheGrantWhateverIsHeldInAShareBesideItsClosing() throws Exception {
        var grant = ledger.grant("100", null);
        var share = ledger.open(ledger.once(null, "ada", "100000"), ledger.owner());

        var taken = inParallel(96, at -> at == 40 ? closes(grant) : takes("0.05"));

        assertThat(taken).contains(true, false);
        assertThat(ledger.view(share).held()).isEqualTo(ledger.view(grant).held());
        assertThat(takes("0.05")).isFalse();
    }

    @Test
    void paysNoMoreThanIsLeftWhileTheGrantShrinks() throws Exception {
        var grant = ledger.grant("3", null);
        ledger.open(ledger.once(null, "ada", "100000"), ledger.owner());

        inParallel(96, at -> at % 8 == 0 ? lowers(grant, BigDecimal.valueOf(300 - 2L * at, 2)) : takes("0.05"));

        assertThat(ledger.view(grant).available().amount().signum()).isNotNegative();
        assertThat(held()).isEqualByComparingTo(ledger.view(grant).held().amount());
        assertThat(ledger.differences()).isEmpty();
    }

    @Test
    void paysInAYearOfMonthlySharesNoMoreThanTheYearWasGiven() {
        var grant = ledger.grant("5", Instant.parse("2042-01-01T00:00:00Z"));
        ledger.open(
                new NewBudget(
                        null,
                        null,
                        new MemberId("ada"),
                        "months",
                        null,
                        null,
                        null,
                        null,
                        null,
                        Period.MONTHLY,
                        Money.of("1"),
                        CarryOver.UNSPENT,
                        null),
                ledger.owner());

        for (int month = 1; month <= 12; month++) {
            ledger.moveTo("2041-%02d-02T00:00:00Z".formatted(month));
            assertThat(takes("1")).as("month %d", month).isEqualTo(month <= 5);
        }
        ledger.moveTo("2042-01-02T00:00:00Z");
        assertThat(takes("0.01")).isFalse();
        assertThat(ledger.view(grant).available()).isEqualTo(Money.ZERO);
    }

    @Test
    void takesNoCreditBelowZeroNorATransferOfOne() {
        var grant = ledger.grant("5", null);
        var ada = ledger.open(ledger.once(null, "ada", "2"), ledger.owner());
        var bob = ledger.open(ledger.once(null, "bob", "2"), ledger.owner());

        for (var amount : List.of("-1", "0")) {
            assertThatThrownBy(() -> ledger.credit(ada, amount, ledger.owner())).isInstanceOf(Problem.class);
            assertThatThrownBy(() -> ledger.transfer(ada, bob, amount, ledger.owner()))
                    .isInstanceOf(Problem.class);
            assertThatThrownBy(() -> ledger.transfer(ada, grant, amount, ledger.owner()))
                    .isInstanceOf(Problem.class);
        }
        assertThat(ledger.windows(grant)).containsExactly("5 0 0 0");
        assertThat(ledger.windows(ada)).containsExactly("2 0 0 0");
    }

    private boolean opens(String amount) {
        try {
            ledger.open(ledger.once(null, "ada", amount), ledger.owner());
            return true;
        } catch (Problem refused) {
            assertThat(refused.type()).isEqualTo(ProblemType.ALREADY_EXISTS);
            return false;
        }
    }

    private boolean closes(String budget) {
        ledger.close(budget);
        return true;
    }

    private boolean lowers(String budget, BigDecimal to) {
        try {
            ledger.revise(budget, new Revisions.Change(null, Money.of(to), null, null));
            return true;
        } catch (Problem refused) {
            return false;
        }
    }

    private boolean takes(String amount) {
        var purpose = ledger.purpose(ledger.newHold(), null);
        return ledger.in(() -> ledger.holds
                .take(purpose, Money.of(amount), ledger.clock.instant(), Caller.BURSAR)
                .isEmpty());
    }

    private BigDecimal held() {
        return ledger.jdbc
                .sql("select coalesce(sum(held), 0) from hold where lab_id = :lab")
                .param("lab", ledger.lab.value())
                .query(BigDecimal.class)
                .single();
    }

    private static List<Boolean> inParallel(int times, java.util.function.IntPredicate work) throws Exception {
        var threads = Executors.newFixedThreadPool(16);
        try {
            var calls = IntStream.range(0, times)
                    .<Callable<Boolean>>mapToObj(at -> () -> work.test(at))
                    .toList();
            var answers = new java.util.ArrayList<Boolean>();
            for (var answer : threads.invokeAll(calls)) {
                answers.add(Objects.requireNonNull(answer.get()));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
