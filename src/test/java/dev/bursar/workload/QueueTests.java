package dev.bursar.workload;

import static dev.bursar.workload.TestDriver.Answer.LOST_BEFORE;
import static dev.bursar.workload.TestDriver.Answer.THROTTLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.core.Money;
import dev.bursar.web.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who waits, for what, with or without money, and how long. */
@LifecycleTest
class QueueTests {

    private static final Money WORST = Money.of("1.32");

    private final Stories stories;
    private final Claims claims;
    private final Booking booking;

    QueueTests(Stories stories, Claims claims, Booking booking) {
        this.stories = stories;
        this.claims = claims;
        this.booking = booking;
    }

    @Test
    void promotesWhatWaitsForMoneyWhenOthersSettle() {
        var lab = stories.lab("2");
        var first = stories.work(lab).running();
        var second = stories.work(lab).dispatched();
        assertThat(second.view().reason()).isEqualTo(Reason.BUDGET);
        assertThat(second.held()).isEqualTo(Money.ZERO);
        assertThat(stories.entries(second)).isZero();

        first.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(100));
        first.later(Duration.ofSeconds(1)).later(Duration.ofSeconds(5));

        assertThat(second.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(second.held()).isEqualTo(WORST);
    }

    @Test
    void refusesWhatItsBudgetCanNeverPayAndKeepsNothingOfIt() {
        var lab = stories.lab("1.319999");

        assertThatThrownBy(() -> stories.work(lab)).isInstanceOf(Problem.class);

        assertThat(stories.jdbc()
                        .sql("select count(*) from workload where lab_id = :lab")
                        .param("lab", lab.value())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void admitsWhatTheBudgetPaysToTheLastMicroDollar() {
        assertThat(stories.work(stories.lab("1.32")).held()).isEqualTo(WORST);
    }

    @Test
    void stopsWhatHasWaitedTooLongAndReleasesItsHold() {
        var work = stories.work(THROTTLED).dispatched();

        work.after(Duration.ofDays(3).plusSeconds(1)).dispatched();

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.view().stopCause()).isEqualTo(StopCause.WAITED_TOO_LONG);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void stopsAlsoWhatNeverGetsAnAnswerFromAws() {
        var work = stories.work(LOST_BEFORE).dispatched();

        work.after(Duration.ofDays(3).plusSeconds(1)).looked();

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.view().stopCause()).isEqualTo(StopCause.WAITED_TOO_LONG);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void startsNothingThatItsGrantMayNotSeeTheEndOf() {
        var lab = stories.lab("20", stories.clock().instant().plus(Duration.ofHours(1)));
        var work = stories.work(lab, THROTTLED).dispatched();
        assertThat(work.held()).isEqualTo(WORST);

        work.after(Duration.ofMinutes(50)).dispatched();

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.view().message()).contains("ends before");
        assertThat(work.view().stopCause()).isEqualTo(StopCause.BUDGET_ACTION);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void admitsNothingThatItsGrantMayNotSeeTheEndOf() {
        var soon = stories.clock().instant().plus(Duration.ofMinutes(21));

        assertThatThrownBy(() -> stories.work(stories.lab("20", soon))).isInstanceOf(Problem.class);
    }

    @Test
    void booksNothingForAClaimThatWasLost() {
        var work = stories.work().dispatched().looked();
        work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(10));
        var lost = claimOf(work.after(Duration.ofSeconds(2)));
        var good = claimOf(work.after(Duration.ofMinutes(3)));

        var observation = Optional.of(work.job().observation(work.name()));
        booking.book(lost, observation);
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.held()).isEqualTo(WORST);

        booking.book(good, observation);
        assertThat(work.charged()).isEqualTo(Money.of("0.01"));
        booking.book(good, observation);
        assertThat(work.charged()).isEqualTo(Money.of("0.01"));
    }

    @Test
    void givesARowToOneWorkerOnly() {
        var work = stories.work();
        var now = stories.clock().instant();

        var first = claims.queued(now, 1000, List.of(), List.of());
        var second = claims.queued(now, 1000, List.of(), List.of());

        assertThat(first).extracting(Claim::id).contains(work.id());
        assertThat(second).isEmpty();
    }

    @Test
    void showsWorkToItsOwnLabAndToNoOther() {
        var work = stories.work();
        var stranger = Stories.caller(stories.lab("20"));

        assertThat(stories.views().get(work.id(), Stories.caller(work.lab())).id())
                .isEqualTo(work.id());
        assertThatThrownBy(() -> stories.views().get(work.id(), stranger)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> stories.lifecycle().stop(work.id(), stranger)).isInstanceOf(Problem.class);
        assertThat(work.state()).isEqualTo(State.QUEUED);
    }

    private Claim claimOf(Stories.Work work) {
        return claims.due(stories.clock().instant(), 1000, List.of()).stream()
                .filter(claim -> claim.id().equals(work.id()))
                .findFirst()
                .orElseThrow();
    }
}
