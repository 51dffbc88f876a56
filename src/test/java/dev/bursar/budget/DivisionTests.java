package dev.bursar.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.budget.Revisions.Change;
import dev.bursar.core.Caller;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import dev.bursar.core.Role;
import dev.bursar.testing.ServiceTest;
import dev.bursar.testing.TestLabs;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.time.Instant;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationContext;

/** Rule M9: an owner divides what the lab was given, and only divides. */
@ServiceTest
class DivisionTests {

    private static final Instant NEW_YEAR = Instant.parse("2041-01-01T00:00:00Z");
    private static final Instant JUNE = Instant.parse("2041-06-01T00:00:00Z");
    private static final String JULY = "2041-07-01T00:00:00Z";

    private final Ledger ledger;

    DivisionTests(ApplicationContext service) {
        ledger = new Ledger(service, NEW_YEAR);
        new TestLabs(ledger.jdbc, NEW_YEAR).project(ledger.lab, "p");
    }

    @Test
    void paysNothingOnceTheGrantHasEnded() {
        ledger.grant("5", JUNE);
        ledger.moveTo(JULY);
        share(null, "ada", "100000");

        assertThat(refusal("1217.11")).contains("of ada", "'grant'", "ended at 2041-06-01T00:00:00Z");
        assertThat(held()).isZero();
    }

    @Test
    void paysNothingBeforeTheGrantBegins() {
        ledger.open(new NewBudget(
                null, null, null, "next year", Money.of("5"), null, null, JUNE, null, null, null, null, null));
        share(null, "ada", "100000");

        assertThat(refusal("1217.11")).contains("of ada", "'next year'", "begins at 2041-06-01T00:00:00Z");
        assertThat(held()).isZero();
    }

    @Test
    void paysNothingOnceTheGrantIsClosed() {
        var grant = ledger.grant("5", null);
        share(null, "ada", "100000");
        ledger.close(grant);

        assertThat(refusal("1217.11")).contains("of ada", "'grant' (" + grant + ") is closed");
        assertThat(held()).isZero();
    }

    @Test
    void paysNothingWhereNothingWasEverGiven() {
        var other = ledger.open(ledger.once("p", null, "1"));
        share(null, "ada", "100000");

        assertThat(refusal("0.01")).contains("of ada", "the lab was given nothing for this");
        ledger.close(other);
        refused(() -> share(null, "bob", "1"));
        assertThat(held()).isZero();
    }

    @Test
    void paysNoMoreTogetherThanWasGiven() {
        ledger.grant("5", JUNE);
        share(null, "ada", "100000");
        share("p", null, "100000");

        assertThat(take("3", null)).isEmpty();
        assertThat(take("2.000001", "p").orElseThrow().why()).isEqualTo(Shortage.Why.HELD_BY_OTHERS);
        assertThat(take("2", "p")).isEmpty();
        assertThat(held()).isEqualTo(5);
    }

    @Test
    void paysNoMoreThanIsLeftOfAGrantThatShrank() {
        var grant = ledger.grant("5", null);
        share(null, "ada", "5");
        assertThat(take("1", null)).isEmpty();
        ledger.revise(grant, new Change(null, Money.of("2"), null, null));

        assertThat(take("1.000001", null).orElseThrow().budget()).isEqualTo(grant);
        assertThat(take("1", null)).isEmpty();
    }

    @Test
    void paysAgainBesideTheNextGrant() {
        var grant = ledger.grant("5", null);
        share(null, "ada", "100000");
        ledger.close(grant);
        refusal("1");
        ledger.grant("2", null);

        assertThat(take("2.000001", null).orElseThrow().why()).isEqualTo(Shortage.Why.TOO_LITTLE);
        assertThat(take("2", null)).isEmpty();
    }

    @Test
    void letsWhatWasGivenToAProjectOrAMemberPayByItself() {
        ledger.open(ledger.once("p", null, "5"));
        var portal = new Caller(ledger.lab, new MemberId("portal"), Role.VIEWER, true, null, null, null);
        ledger.open(ledger.once(null, "ada", "3"), portal);

        assertThat(take("1", null)).isEmpty();
        assertThat(take("2.000001", "p").orElseThrow().left()).isEqualTo(Money.of("2"));
        assertThat(take("2", "p")).isEmpty();
    }

    @Test
    void paysBesideAProjectThatWasGivenForThatAloneAndAsLongAsItLasts() {
        var project = ledger.open(ledger.once("p", null, "5"));
        ledger.revise(project, new Change(null, null, JUNE, null));
        share(null, "ada", "100000");

        assertThat(take("1", "p")).isEmpty();
        refusal("1");
        ledger.moveTo(JULY);
        assertThat(take("1", "p").orElseThrow().why()).isEqualTo(Shortage.Why.NO_BUDGET);
    }

    @Test
    void isEstimatedAsItIsHeld() {
        ledger.grant("5", JUNE);
        share(null, "ada", "100000");
        var purpose = ledger.purpose(ledger.newHold(), null);
        assertThat(ledger.holds.wouldTake(purpose, Money.of("1"), NEW_YEAR)).isEmpty();
        assertThat(ledger.holds.payers(purpose)).hasSize(2);

        ledger.moveTo(JULY);

        assertThat(ledger.holds
                        .wouldTake(purpose, Money.of("1"), NEW_YEAR)
                        .orElseThrow()
                        .why())
                .isEqualTo(Shortage.Why.NO_BUDGET);
        assertThat(ledger.holds.payers(purpose)).isEmpty();
    }

    @Test
    void renewsNothingOnceTheGrantIsClosed() {
        var grant = ledger.grant("5", null);
        share(null, "ada", "100000");
        var id = ledger.newHold();
        assertThat(ledger.take(id, "1", NEW_YEAR)).isEmpty();
        ledger.close(grant);

        assertThat(renew(id, "0.5", "1").orElseThrow().why()).isEqualTo(Shortage.Why.CLOSED);
        assertThat(renew(id, "0.5", "0.5")).isEmpty();
        ledger.settle(id, "1");
        assertThat(ledger.windows(grant)).containsExactly("5 0 1 0");
    }

    @Test
    void goesOnInTheNextMonthOnlyBesideWhatWasGiven() {
        var grant = ledger.grant("5", null);
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
                        Money.of("100000"),
                        null,
                        null),
                ledger.owner());
        var id = ledger.newHold();
        assertThat(ledger.take(id, "1", NEW_YEAR)).isEmpty();
        ledger.close(grant);
        ledger.moveTo("2041-02-01T00:00:00Z");

        var shortage = ledger.roll(id, "0.4", "1").orElseThrow();

        assertThat(shortage.why()).isEqualTo(Shortage.Why.NO_BUDGET);
        assertThat(shortage.sentence()).contains("months", "is closed");
        assertThat(held()).isEqualTo(1);
    }

    @Test
    void recordsAsOverrunWhatRanThoughNothingWasGivenForIt() {
        var grant = ledger.grant("5", null);
        var share = share(null, "ada", "100000");
        ledger.close(grant);
        var id = ledger.newHold();
        assertThat(ledger.take(id, "1", NEW_YEAR)).isPresent();

        ledger.settle(id, "1");

        assertThat(ledger.windows(share)).containsExactly("100000 0 0 1");
        assertThat(ledger.view(share).frozen()).isTrue();
        assertThat(ledger.differences()).isEmpty();
    }

    @Test
    void letsAnOwnerPutNothingIntoWhatWasGiven() {
        ledger.grant("5", null);
        var project = ledger.open(ledger.once("p", null, "5"));
        var share = share(null, "ada", "100000");

        refused(() -> ledger.credit(project, "1", ledger.owner()));
        refused(() -> ledger.transfer(share, project, "1", ledger.owner()));
        assertThat(ledger.windows(project)).containsExactly("5 0 0 0");
        ledger.transfer(project, share, "2", ledger.owner());
        assertThat(ledger.windows(project)).containsExactly("3 0 0 0");
    }

    @Test
    void letsAnOwnerEndWhatWasGivenEarlierAndNeverLater() {
        var project = ledger.open(ledger.once("p", null, "5"));
        var months = ledger.monthly(null, new MemberId("ada"), "5", CarryOver.NONE);
        for (var given : java.util.List.of(project, months)) {
            ledger.revise(given, new Change(null, null, JUNE, null), ledger.owner());

            refused(() -> ledger.revise(given, new Change(null, null, JUNE.plusSeconds(1), null), ledger.owner()));
            ledger.revise(given, new Change(null, null, JUNE.minusSeconds(1), null), ledger.owner());
            ledger.revise(given, new Change(null, null, JUNE, null));
            assertThat(ledger.view(given).endsAt()).isEqualTo(JUNE);
        }
        refused(() -> ledger.revise(months, new Change(null, null, null, Money.of("5.000001")), ledger.owner()));
        ledger.revise(months, new Change(null, null, null, Money.of("4")), ledger.owner());
        assertThat(ledger.view(months).monthlyAmount()).isEqualTo(Money.of("4"));
    }

    private String share(@Nullable String project, @Nullable String member, String amount) {
        return ledger.open(ledger.once(project, member, amount), ledger.owner());
    }

    private Optional<Shortage> take(String amount, @Nullable String project) {
        var purpose = ledger.purpose(ledger.newHold(), project == null ? null : new ProjectId(project));
        return ledger.in(() -> ledger.holds.take(
                purpose, Money.of(amount), ledger.clock.instant().plusSeconds(1), Caller.BURSAR));
    }

    private String refusal(String amount) {
        var shortage = take(amount, null).orElseThrow();
        assertThat(shortage.why()).isEqualTo(Shortage.Why.NO_BUDGET);
        assertThat(shortage.mayPass()).isFalse();
        return shortage.sentence();
    }

    private Optional<Shortage> renew(HoldId id, String charged, String held) {
        return ledger.in(() -> ledger.holds.renew(id, Money.of(charged), Money.of(held), Caller.BURSAR));
    }

    private static void refused(ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.FORBIDDEN));
    }

    /** What the lab's work holds, in whole dollars. */
    private int held() {
        return ledger.jdbc
                .sql("select coalesce(sum(held), 0) from hold where lab_id = :lab")
                .param("lab", ledger.lab.value())
                .query(Integer.class)
                .single();
    }
}
