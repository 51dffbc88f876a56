package dev.bursar.workload;

import static dev.bursar.workload.TestDriver.Answer.LOST_BEFORE;
import static dev.bursar.workload.TestDriver.Answer.NO_CALL_LEFT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Money;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What becomes of work for which no call to AWS is left at the moment (rule C1). */
@LifecycleTest
class PaceTests {

    private static final Money WORST = Money.of("1.32");
    private static final Duration JUST_BEFORE = TestDriver.WAIT.minusMillis(1);

    private final Stories stories;

    PaceTests(Stories stories) {
        this.stories = stories;
    }

    @Test
    void queuesWhatFindsNoCreateLeftUntilOneIsExpected() {
        var work = stories.work(NO_CALL_LEFT).dispatched();

        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(work.view().reason()).isEqualTo(Reason.RATE_LIMIT);
        assertThat(work.held()).isEqualTo(WORST);

        work.later(JUST_BEFORE);
        assertThat(work.state()).isEqualTo(State.QUEUED);

        work.later(Duration.ofMillis(1));
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);
    }

    @Test
    void knowsThatNothingWasCreatedWhereNobodyWasAsked() {
        var work = stories.work(NO_CALL_LEFT).dispatched().stopped();

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void stillLooksForACreateThatWasLostBeforeNoneWasLeft() {
        var work = stories.work(LOST_BEFORE, NO_CALL_LEFT).dispatched().later(Duration.ofSeconds(2));
        assertThat(work.state()).isEqualTo(State.QUEUED);
        stories.sageMaker().put(work.name(), new TestJob());

        work.later(Duration.ofSeconds(1));

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);
    }

    @Test
    void doesNotTryTheRestOfTheLabInVainAndKeepsItsOrder() {
        var lab = stories.lab("20");
        var first = stories.work(lab, NO_CALL_LEFT).after(Duration.ofMillis(1));
        var second = stories.work(lab);
        var elsewhere = stories.work();

        elsewhere.dispatched();

        assertThat(elsewhere.state()).isEqualTo(State.STARTING);
        assertThat(first.state()).isEqualTo(State.QUEUED);
        assertThat(second.state()).isEqualTo(State.QUEUED);
        assertThat(second.view().reason()).isNull();
        assertThat(second.events()).isEqualTo("workload.accepted");
        assertThat(dueAt(second)).isEqualTo(stories.clock().instant());

        second.later(TestDriver.WAIT);

        assertThat(first.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(second.state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void looksLaterWhereNoDescribeIsLeft() {
        var work = stories.work().running();
        work.job().goWithoutLooks(1);
        work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(10));

        work.later(Duration.ofSeconds(1));
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.view().message()).isNull();

        work.later(JUST_BEFORE);
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        work.later(Duration.ofMillis(1));
        assertThat(work.state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void repeatsAStopForWhichNoCallWasLeft() {
        var work = stories.work().running();
        work.job().goWithoutStops(2);

        work.stopped().looked();
        assertThat(stories.sageMaker().stops(work.name())).isZero();
        assertThat(work.state()).isEqualTo(State.STOPPING);

        work.later(TestDriver.WAIT).later(TestDriver.WAIT);
        assertThat(stories.sageMaker().stops(work.name())).isEqualTo(1);
    }

    private Instant dueAt(Stories.Work work) {
        return stories.jdbc()
                .sql("select due_at from workload where id = :id")
                .param("id", work.id().value())
                .query(java.sql.Timestamp.class)
                .single()
                .toInstant();
    }
}
