package dev.bursar.workload;

import static dev.bursar.workload.TestDriver.Answer.LOST_BEFORE;
import static dev.bursar.workload.TestDriver.Answer.THROTTLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.web.Problem;
import dev.bursar.workload.Freezing.Order;
import dev.bursar.workload.Freezing.Stop;
import dev.bursar.workload.Freezing.Stopped;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@LifecycleTest
class FreezingTests {

    private static final Money WORST = Money.of("1.32");
    private static final Order NOTHING = new Order(Stop.NOTHING, "audit");
    private static final Order ALL = new Order(Stop.ALL, "audit");

    private final Stories stories;
    private final Freezing freezing;
    private final Launch launch;
    private final Claims claims;

    FreezingTests(Stories stories, Freezing freezing, Launch launch, Claims claims) {
        this.stories = stories;
        this.freezing = freezing;
        this.launch = launch;
        this.claims = claims;
    }

    @Test
    void acceptsNewWorkThatHoldsNothingAndStartsItAfterwards() {
        var lab = stories.lab("20");
        freezing.freeze(lab, NOTHING, Caller.BURSAR);

        var work = stories.work(lab).later(Duration.ofMinutes(1));

        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(work.view().reason()).isEqualTo(Reason.FROZEN);
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(stories.entries(work)).isZero();

        freezing.end(lab, Caller.BURSAR);
        work.later(Duration.ofSeconds(5));

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.held()).isEqualTo(WORST);
    }

    @Test
    void doesNotStartWhatIsQueuedAndHoldsMoney() {
        var work = stories.work();
        freezing.freeze(work.lab(), NOTHING, Caller.BURSAR);

        work.later(Duration.ofHours(1));

        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(work.held()).isEqualTo(WORST);
        freezing.end(work.lab(), Caller.BURSAR);
        assertThat(work.later(Duration.ofSeconds(1)).state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void takesNothingFurtherThatIsJustBeingStarted() {
        var work = stories.work();
        var claimed = claims.queued(stories.clock().instant(), 10, java.util.List.of(), java.util.List.of()).stream()
                .filter(claim -> claim.id().equals(work.id()))
                .findFirst()
                .orElseThrow();

        freezing.freeze(work.lab(), NOTHING, Caller.BURSAR);
        launch.dispatch(claimed);

        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(work.view().sageMakerName()).isNull();
    }

    @Test
    void doesNotRepeatALostCreateUntilItIsEnded() {
        var work = stories.work(LOST_BEFORE).dispatched();
        freezing.freeze(work.lab(), NOTHING, Caller.BURSAR);

        work.through(Duration.ofMinutes(30));
        assertThat(work.accepted()).isZero();
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);
        assertThat(work.held()).isEqualTo(WORST);
        assertThat(work.view().message()).contains("frozen: audit");

        freezing.end(work.lab(), Caller.BURSAR);
        work.through(Duration.ofMinutes(2));
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.accepted()).isEqualTo(1);
    }

    @Test
    void stopsWhatWasLostAndThenFrozen() {
        var work = stories.work(LOST_BEFORE).dispatched();
        freezing.freeze(work.lab(), ALL, Caller.BURSAR);

        work.through(Duration.ofMinutes(30));

        assertThat(work.accepted()).isZero();
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void startsNothingFromABudgetThatIsFrozen() {
        var lab = stories.lab("20");
        var overrun = stories.work(lab).running();
        var held = stories.work(lab, THROTTLED).dispatched();
        var lost = stories.work(lab, LOST_BEFORE).dispatched();
        overrun.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofHours(10));
        overrun.later(Duration.ofSeconds(1));
        assertThat(overrun.view().cost().overrun().isPositive()).isTrue();

        held.through(Duration.ofMinutes(5));

        assertThat(held.state()).isEqualTo(State.QUEUED);
        assertThat(held.held()).isEqualTo(WORST);
        assertThat(held.view().message()).contains("frozen because more was spent");
        assertThat(lost.accepted()).isZero();
    }

    @Test
    void endsWhatIsQueuedAlsoWhereTheProcessDiesAfterTheOrder() {
        var work = stories.work(THROTTLED).dispatched();
        stories.jdbc()
                .sql("update workload set stop_requested_at = created_at, stop_cause = 'FROZEN' where id = :id")
                .param("id", work.id().value())
                .update();

        work.later(Duration.ofMinutes(1));
        assertThat(work.accepted()).isZero();
        stories.queueEnds().tick();

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void letsWhatRunsGoOn() {
        var work = stories.work().running();

        var freeze = freezing.freeze(work.lab(), NOTHING, Caller.BURSAR);
        work.later(Duration.ofSeconds(1));

        assertThat(freeze.stops()).isEmpty();
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void stopsEverythingAndSaysWhatItCostInAnHour() {
        var lab = stories.lab("20");
        var running = stories.work(lab).running();
        var queued = stories.work(lab);

        var freeze = freezing.freeze(lab, ALL, Caller.BURSAR);
        running.later(Duration.ofSeconds(1));

        assertThat(freeze.stops())
                .extracting(Stopped::id)
                .containsExactly(running.id().value(), queued.id().value());
        assertThat(freeze.perHour()).isEqualTo(Money.of("3.6"));
        assertThat(queued.state()).isEqualTo(State.STOPPED);
        assertThat(queued.held()).isEqualTo(Money.ZERO);
        assertThat(running.state()).isEqualTo(State.STOPPING);
        assertThat(running.view().stopCause()).isEqualTo(StopCause.FROZEN);
        running.job().ends(State.STOPPED, stories.clock().instant(), Duration.ofSeconds(10));
        assertThat(running.later(Duration.ofSeconds(1)).charged()).isEqualTo(Money.of("0.01"));
        assertThat(freezing.freeze(lab, ALL, Caller.BURSAR).stops()).isEmpty();
    }

    @Test
    void refusesAlsoInAFrozenLabWhatNobodyCanEverPay() {
        var lab = stories.lab("1");
        freezing.freeze(lab, NOTHING, Caller.BURSAR);

        assertThatThrownBy(() -> stories.work(lab)).isInstanceOf(Problem.class);
    }

    @Test
    void leavesOtherLabsAlone() {
        var other = stories.work();

        freezing.freeze(stories.lab("20"), ALL, Caller.BURSAR);

        assertThat(other.later(Duration.ofSeconds(1)).state()).isEqualTo(State.IN_PROGRESS);
    }
}
