package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.core.LabId;
import dev.bursar.web.Problem;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Who leaves the queue when: by priority, then age; what fits may pass what does not, but not for ever (rule M10). */
@LifecycleTest
class OrderTests {

    @Autowired
    private Stories stories;

    @Test
    void showsThePlaceInTheQueueOfTheSameBudget() {
        var lab = fullLab("1.5");
        var first = minutes(lab, 10, null);
        var second = minutes(lab, 10, null);
        var hurried = minutes(lab, 10, 0);
        var patient = minutes(lab, 10, -1);

        assertThat(first.view().queuePosition()).isEqualTo(1);
        assertThat(second.view().queuePosition()).isEqualTo(2);
        assertThat(hurried.view().queuePosition()).isEqualTo(3);
        assertThat(patient.view().queuePosition()).isEqualTo(4);
    }

    @Test
    void letsTheSmallerPassWhileTheLargerHasNotWaitedForLong() {
        var lab = stories.lab("2.2");
        var running = minutes(lab, 10, null).dispatched();
        var large = minutes(lab, 15, null);

        var small = minutes(lab, 1, null);

        assertThat(running.held()).isEqualTo(dev.bursar.core.Money.of("1.32"));
        assertThat(large.view().reason()).isEqualTo(Reason.BUDGET);
        assertThat(small.view().reason()).isNull();
    }

    @Test
    void keepsMoneyForTheLargerThatHasWaitedForAnHour() {
        var lab = stories.lab("2.2");
        var running = minutes(lab, 10, null).running();
        var large = minutes(lab, 15, null);
        stories.clock().advance(Duration.ofMinutes(61));

        var small = minutes(lab, 0, null);
        assertThat(small.view().reason()).isEqualTo(Reason.BUDGET);
        assertThat(small.view().message()).contains("keeps its money for work");

        var another = minutes(lab, 0, null).stopped();
        assertThat(another.state()).isEqualTo(State.STOPPED);

        running.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(1));
        large.later(Duration.ofSeconds(1)).later(Duration.ofSeconds(6));
        assertThat(large.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(small.state()).isEqualTo(State.QUEUED);
    }

    @Test
    void startsWhatIsMoreUrgentFirstWhenMoneyComesFree() {
        var lab = stories.lab("2.2");
        var running = minutes(lab, 10, null).running();
        var older = minutes(lab, 10, -1);
        var urgent = minutes(lab, 10, null);

        running.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(1));
        older.later(Duration.ofSeconds(1)).later(Duration.ofSeconds(6));

        assertThat(urgent.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(older.state()).isEqualTo(State.QUEUED);
    }

    @Test
    void stopsWhateverWaitsLongerThanIsAllowed() {
        var lab = fullLab("1.5");
        var waiting = minutes(lab, 10, null);
        stories.clock().advance(Duration.ofDays(3).plusSeconds(1));

        stories.queueEnds().tick();

        assertThat(waiting.state()).isEqualTo(State.STOPPED);
        assertThat(waiting.view().stopCause()).isEqualTo(StopCause.WAITED_TOO_LONG);
        assertThat(waiting.view().message()).contains("longer than is allowed");
    }

    @Test
    void letsOnlyTheOwnerGoBeforeOthers() {
        var lab = stories.lab("2");

        assertThatThrownBy(() -> minutes(lab, 1, 5)).isInstanceOf(Problem.class);
    }

    private LabId fullLab(String amount) {
        var lab = stories.lab(amount);
        minutes(lab, 10, null).running();
        return lab;
    }

    private Stories.Work minutes(LabId lab, int minutes, @Nullable Integer priority) {
        var label = "order-" + dev.bursar.core.Ids.next(stories.clock().instant());
        var limit = Duration.ofMinutes(minutes).plusSeconds(1);
        var spec =
                new TestSpec(label, lab.value(), null, priority, null, minutes == 10 ? Duration.ofMinutes(10) : limit);
        var answer = stories.lifecycle().submit(spec, Stories.caller(lab), null, "/api/v1/jobs");
        stories.clock().advance(Duration.ofMillis(5));
        return new Stories.Work(
                stories, Objects.requireNonNull(answer.getBody()).id(), lab);
    }
}
