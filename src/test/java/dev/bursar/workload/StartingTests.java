package dev.bursar.workload;

import static dev.bursar.workload.TestDriver.Answer.DENIED;
import static dev.bursar.workload.TestDriver.Answer.DIES_AFTER;
import static dev.bursar.workload.TestDriver.Answer.DIES_BEFORE;
import static dev.bursar.workload.TestDriver.Answer.INVALID;
import static dev.bursar.workload.TestDriver.Answer.INVISIBLE;
import static dev.bursar.workload.TestDriver.Answer.LOST_AFTER;
import static dev.bursar.workload.TestDriver.Answer.LOST_BEFORE;
import static dev.bursar.workload.TestDriver.Answer.OVERTAKEN;
import static dev.bursar.workload.TestDriver.Answer.QUOTA;
import static dev.bursar.workload.TestDriver.Answer.QUOTA_TOO_SMALL;
import static dev.bursar.workload.TestDriver.Answer.THROTTLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.core.Money;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Every accepted workload is created exactly once for each attempt, whatever becomes of the answers. */
@LifecycleTest
class StartingTests {

    private static final Money WORST = Money.of("1.32");

    private final Stories stories;

    StartingTests(Stories stories) {
        this.stories = stories;
    }

    @Test
    void createsOnceAndHoldsTheWorstCase() {
        var work = stories.work().dispatched().looked();

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.held()).isEqualTo(WORST);
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);
        assertThat(work.name()).hasSizeLessThanOrEqualTo(26).matches("[a-z0-9]{6}-[a-z0-9]{16}-1");
        assertThat(work.events()).isEqualTo("workload.accepted workload.starting workload.in-progress");
    }

    @Test
    void adoptsWhatWasAcceptedThoughTheAnswerWasLost() {
        var work = stories.work(LOST_AFTER).dispatched();
        assertThat(work.state()).isEqualTo(State.STARTING);

        work.later(Duration.ofSeconds(2));

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);
    }

    @Test
    void createsAgainUnderTheSameNameWhatWasLostBefore() {
        var work = stories.work(LOST_BEFORE).dispatched();
        var name = work.name();

        work.later(Duration.ofSeconds(2)).looked();

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.name()).isEqualTo(name);
        assertThat(work.accepted()).isEqualTo(1);
    }

    @Test
    void adoptsWhatAnEarlierCreateMadeAfterTheLook() {
        var work = stories.work(LOST_BEFORE, OVERTAKEN).dispatched();

        work.later(Duration.ofSeconds(2)).later(Duration.ofSeconds(2));

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.accepted()).isEqualTo(1);
        assertThat(work.held()).isEqualTo(WORST);
    }

    @Test
    void recoversFromDeathBetweenIntentionAndCreate() {
        var work = stories.work(DIES_BEFORE);
        assertThatThrownBy(work::dispatched).isInstanceOf(TestDriver.Death.class);
        assertThat(work.state()).isEqualTo(State.STARTING);

        work.later(Duration.ofSeconds(121)).looked();

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.accepted()).isEqualTo(1);
    }

    @Test
    void recoversFromDeathBetweenCreateAndBooking() {
        var work = stories.work(DIES_AFTER);
        assertThatThrownBy(work::dispatched).isInstanceOf(TestDriver.Death.class);

        work.later(Duration.ofSeconds(121));

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);
    }

    @Test
    void keepsItsHoldWhileAwsWantsFewerCalls() {
        var work = stories.work(THROTTLED).dispatched();

        assertThat(work.view().reason()).isEqualTo(Reason.RATE_LIMIT);
        assertThat(work.held()).isEqualTo(WORST);

        work.later(Duration.ofSeconds(31));

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void waitsForAQuotaThatOthersUse() {
        var work = stories.work(QUOTA).dispatched();

        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(work.view().reason()).isEqualTo(Reason.CONCURRENCY);
        assertThat(work.held()).isEqualTo(WORST);
    }

    @Test
    void waitsFiveMinutesForARoleThatIsNotVisibleYet() {
        var work = stories.work(INVISIBLE, INVISIBLE, INVISIBLE).dispatched();
        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(work.held()).isEqualTo(WORST);

        work.later(Duration.ofMinutes(4));
        assertThat(work.state()).isEqualTo(State.QUEUED);

        work.later(Duration.ofSeconds(61));
        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void doesNotFailBecauseOfCredentials() {
        var work = stories.work(DENIED).dispatched();

        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(work.view().reason()).isEqualTo(Reason.DENIED);
        assertThat(work.held()).isEqualTo(WORST);
    }

    @Test
    void failsAtOnceWhereTheQuotaIsTooSmall() {
        var work = stories.work(QUOTA_TOO_SMALL).dispatched();

        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(work.charged()).isEqualTo(Money.ZERO);
        assertThat(work.view().message()).contains("ml.p3.2xlarge for training job usage");
    }

    @Test
    void failsWithoutAChargeWhatSageMakerRefuses() {
        var work = stories.work(INVALID).dispatched();

        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(work.view().settledAt()).isNotNull();
    }

    @Test
    void failsWhatIsRefusedForGoodOnceAnEarlierCreateIsSurelyLost() {
        var plan = new java.util.ArrayList<>(Collections.nCopies(60, INVALID));
        plan.add(0, LOST_BEFORE);
        var work = stories.work(plan.toArray(TestDriver.Answer[]::new)).dispatched();

        work.later(Duration.ofSeconds(2)).later(Duration.ofMinutes(5));
        assertThat(work.held()).isEqualTo(WORST);

        work.later(Duration.ofMinutes(20)).looked();
        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void looksBeforeItCreatesWhereAnEarlierCreateMayHaveBeenHeard() {
        var work = stories.work(LOST_BEFORE, THROTTLED).dispatched().later(Duration.ofSeconds(2));
        assertThat(work.state()).isEqualTo(State.QUEUED);
        stories.sageMaker().put(work.name(), new TestJob());

        work.later(Duration.ofSeconds(31));

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(2);
    }

    @Test
    void neverCreatesAgainWhatWasAcceptedThoughDescribeDoesNotFindIt() {
        var work = stories.work().dispatched();
        stories.sageMaker().delete(work.name());

        work.looked().later(Duration.ofMinutes(5)).later(Duration.ofMinutes(20));

        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);
        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void triesAgainUnderTheNextNameWhatNeverStartedForCapacity() {
        var work = stories.work().dispatched().looked();
        var first = work.name();
        work.job().failsForCapacity(stories.clock().instant());

        work.later(Duration.ofSeconds(1));
        assertThat(work.view().reason()).isEqualTo(Reason.CAPACITY);
        assertThat(work.held()).isEqualTo(WORST);

        work.later(Duration.ofSeconds(31));
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.view().attempt()).isEqualTo(2);
        assertThat(work.name()).isEqualTo(first.replaceAll("-1$", "-2"));
        assertThat(stories.sageMaker().accepted(first)).isEqualTo(1);
        assertThat(work.held()).isEqualTo(WORST);
    }

    @Test
    void doesNotTakeOverSomebodyElsesJob() {
        var work = stories.work();
        stories.sageMaker().put(stories.nameOf(work, 1), TestJob.ofSomebodyElse());

        work.dispatched().looked();

        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.charged()).isEqualTo(Money.ZERO);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }
}
