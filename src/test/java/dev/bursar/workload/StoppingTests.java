package dev.bursar.workload;

import static dev.bursar.workload.TestDriver.Answer.LOST_AFTER;
import static dev.bursar.workload.TestDriver.Answer.LOST_BEFORE;
import static dev.bursar.workload.TestDriver.Answer.THROTTLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Money;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A stop is durable, and money is given back only when it is sure that nothing runs. */
@LifecycleTest
class StoppingTests {

    private static final Money WORST = Money.of("1.32");

    private final Stories stories;

    StoppingTests(Stories stories) {
        this.stories = stories;
    }

    @Test
    void releasesAtOnceWhatWasNeverSent() {
        var work = stories.work().stopped();

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.view().stopCause()).isEqualTo(StopCause.USER);
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(work.events())
                .isEqualTo("workload.accepted workload.stop-requested workload.stopped workload.settled");
    }

    @Test
    void releasesAtOnceWhatWasSurelyNotCreated() {
        var work = stories.work(THROTTLED).dispatched().stopped();

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void keepsTheHoldOfAnUnknownCreateUntilItsAbsenceMayBeBelieved() {
        var work = stories.work(LOST_BEFORE).dispatched().stopped();

        work.later(Duration.ofMinutes(1)).later(Duration.ofMinutes(19));
        assertThat(work.state()).isEqualTo(State.STARTING);
        assertThat(work.held()).isEqualTo(WORST);

        work.later(Duration.ofMinutes(3));
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);
    }

    @Test
    void keepsTheHoldAlsoWhenALaterCreateWasThrottled() {
        var work = stories.work(LOST_BEFORE, THROTTLED)
                .dispatched()
                .later(Duration.ofSeconds(2))
                .stopped();

        work.later(Duration.ofMinutes(1));
        assertThat(work.state()).isEqualTo(State.STARTING);
        assertThat(work.held()).isEqualTo(WORST);

        work.later(Duration.ofMinutes(22));
        assertThat(work.state()).isEqualTo(State.STOPPED);
    }

    @Test
    void stopsWhatTurnsOutToExist() {
        var work = stories.work(LOST_AFTER).dispatched().stopped();

        work.later(Duration.ofSeconds(1));
        assertThat(work.state()).isEqualTo(State.STOPPING);
        assertThat(stories.sageMaker().stops(work.name())).isEqualTo(1);

        work.job().ends(State.STOPPED, stories.clock().instant(), Duration.ofSeconds(3));
        work.later(Duration.ofSeconds(1));
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.charged()).isEqualTo(Money.of("0.003"));
    }

    @Test
    void stopsAndPaysWhatAProcessCreatesThatSleptUntilItsWorkHadEnded() {
        var work = stories.work();
        stories.sageMaker().meanwhile(work.view().name(), () -> {
            work.stopped().after(Duration.ofMinutes(23)).looked();
            assertThat(work.state()).isEqualTo(State.STOPPED);
        });

        work.dispatched().looked();
        assertThat(work.accepted()).isEqualTo(1);
        assertThat(stories.sageMaker().stops(work.name())).isEqualTo(1);

        work.job().starts(stories.clock().instant());
        work.job().ends(State.STOPPED, stories.clock().instant(), Duration.ofSeconds(3));
        work.later(Duration.ofSeconds(1));
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.charged()).isEqualTo(Money.of("0.003"));
        assertThat(work.view().settledAt()).isNotNull();
    }

    @Test
    void repeatsAStopUntilTheEndIsSeen() {
        var work = stories.work().running();
        work.job().refusesToStop(true);
        work.stopped();
        assertThat(work.state()).isEqualTo(State.STOPPING);

        work.looked().later(Duration.ofSeconds(1)).later(Duration.ofSeconds(1));
        assertThat(stories.sageMaker().stops(work.name())).isEqualTo(3);

        work.job().refusesToStop(false);
        work.later(Duration.ofSeconds(1)).later(Duration.ofSeconds(1));
        assertThat(stories.sageMaker().stops(work.name())).isEqualTo(4);
        assertThat(work.held()).isEqualTo(WORST);
    }

    @Test
    void takesWhatSageMakerSaysWhenTheEndWasFaster() {
        var work = stories.work().running();
        work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(5));

        work.stopped().looked();

        assertThat(work.state()).isEqualTo(State.COMPLETED);
        assertThat(work.charged()).isEqualTo(Money.of("0.005"));
    }

    @Test
    void givesUpForCapacityWhatWasStopped() {
        var work = stories.work().dispatched().looked();
        work.job().failsForCapacity(stories.clock().instant());

        work.stopped().looked();

        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.view().attempt()).isEqualTo(1);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void writesARepeatedStopOnce() {
        var work = stories.work().running().stopped().stopped();

        assertThat(work.events().split("workload.stop-requested", -1)).hasSize(2);
    }
}
