package dev.bursar.workload;

import static dev.bursar.workload.TestDriver.Answer.UNWRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.testing.HostileText;
import dev.bursar.workload.Observation.Results;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.test.context.TestPropertySource;

/** Rule C4: one row hurts no other, whatever SageMaker and people's programs say of it. */
@LifecycleTest
@TestPropertySource(properties = {"bursar.meter.stale-after=PT5M", "bursar.meter.unseen-after=PT10M"})
class HostileWorkTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Stories stories;
    private final MeterRegistry meters;

    HostileWorkTests(Stories stories, MeterRegistry meters) {
        this.stories = stories;
        this.meters = meters;
    }

    @AfterEach
    void nothingIsLive() {
        stories.jdbc().sql("""
                        update workload set state = 'STOPPED', settled_at = created_at, due_at = null, failing_since = null
                        where settled_at is null
                        """).update();
    }

    @Test
    void endsAndSettlesEveryJobWhateverItsProgramWrote() {
        var lab = stories.lab("10000");
        var jobs = new ArrayList<Stories.Work>();
        HostileText.all().forEach(text -> {
            var job = stories.work(lab).running();
            job.job().says(text.value(), new Results("s3://b/" + text.value(), Map.of(text.value(), 0.5)));
            job.later(SECOND);
            job.job().fails(stories.clock().instant(), Duration.ofSeconds(10), text.value());
            jobs.add(job);
        });
        var others = stories.work(stories.lab("20"));

        others.later(SECOND);

        assertThat(others.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(jobs).allSatisfy(job -> {
            assertThat(job.state()).isEqualTo(State.FAILED);
            assertThat(job.view().settledAt()).isNotNull();
            assertThat(job.charged()).isEqualTo(Money.of("0.01"));
        });
        assertThat(failing()).isZero();
    }

    @Test
    void endsAndSettlesEveryJobWhateverItIsCalled() {
        var lab = stories.lab("10000");
        var jobs = new ArrayList<Stories.Work>();
        HostileText.all().filter(text -> text.value().indexOf('\0') < 0).forEach(text -> {
            var spec = new TestSpec(text.value(), lab.value(), null, null, null, Duration.ofMinutes(10));
            var answer = stories.lifecycle().submit(spec, Stories.caller(lab), null, "/api/v1/jobs");
            var job = new Stories.Work(
                            stories, Objects.requireNonNull(answer.getBody()).id(), lab)
                    .running();
            job.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(10));
            jobs.add(job);
        });

        stories.work(lab).later(SECOND);

        assertThat(jobs)
                .hasSizeGreaterThan(90)
                .allSatisfy(job -> assertThat(job.charged()).isEqualTo(Money.of("0.01")));
        assertThat(failing()).isZero();
    }

    @Test
    void keepsTheFirstOfTenThousandMetrics() {
        var job = stories.work().running();
        var metrics = HostileText.metrics(9_998);
        metrics.put("0 is no number", Double.NaN);
        metrics.put("0 is without end", Double.NEGATIVE_INFINITY);
        job.job().says("Completed", new Results("s3://b/k", metrics));
        job.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(10));

        job.later(SECOND);

        assertThat(job.state()).isEqualTo(State.COMPLETED);
        assertThat(Objects.requireNonNull(job.view().outcome()).metrics())
                .hasSize(1_000)
                .containsEntry("0 is no number", Double.NaN)
                .containsEntry("0 is without end", Double.NEGATIVE_INFINITY);
    }

    @Test
    void startsTheWorkOfOthersInTheSameAccountWhileADriverThrowsForOneRow() {
        var broken = stories.work().running();
        broken.job().breaks(() -> new IllegalStateException("a driver's mistake"));

        broken.through(Duration.ofMinutes(30));

        var others = stories.work(stories.lab("20"));
        assertThat(others.later(SECOND).state()).isEqualTo(State.IN_PROGRESS);
        assertThat(broken.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(broken.held()).isEqualTo(Money.of("1.32"));
        assertThat(broken.view().message()).contains("IllegalStateException");
        assertThat(failing()).isEqualTo(1);

        broken.job().breaks(null);
        broken.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(10));
        broken.later(Duration.ofMinutes(10));
        assertThat(broken.charged()).isEqualTo(Money.of("0.01"));
        assertThat(failing()).isZero();
    }

    @Test
    void startsTheWorkOfOthersWhileOneRowCannotBeBooked() {
        var unbookable = stories.work().running();
        unbookable.job().ends(State.COMPLETED, Instant.MAX, Duration.ofSeconds(10));

        unbookable.through(Duration.ofMinutes(30));

        var others = stories.work(stories.lab("20"));
        assertThat(others.later(SECOND).state()).isEqualTo(State.IN_PROGRESS);
        unbookable.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(10));
        unbookable.later(Duration.ofMinutes(10));
        assertThat(unbookable.charged()).isEqualTo(Money.of("0.01"));
    }

    @Test
    void asksLessAndLessOften() {
        var broken = stories.work().running();
        var asked = new ArrayList<Instant>();
        broken.job().breaks(() -> {
            asked.add(stories.clock().instant());
            return new IllegalStateException("a driver's mistake");
        });

        for (var second = 0; second < 300; second++) {
            broken.later(SECOND);
        }

        assertThat(asked).hasSizeBetween(7, 9);
        var times = meters.get("bursar.workload.setbacks").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
        assertThat(times).isGreaterThanOrEqualTo(7);
    }

    @Test
    void stopsWhatCannotBeLookedAt() {
        var stuck = List.of(
                stories.work().running(),
                stories.work().running(),
                stories.work().running());
        stuck.get(0).job().breaks(() -> new IllegalStateException("a driver's mistake"));
        stuck.get(1).job().unreachable(true);
        stuck.get(2).job().goWithoutLooks(1);

        stuck.forEach(work -> work.stopped().later(SECOND));

        assertThat(stuck)
                .allSatisfy(work ->
                        assertThat(stories.sageMaker().stops(work.name())).isPositive());
    }

    @Test
    void waitsLongerEachTimeWithWorkThatCannotBeStarted() {
        var broken = stories.work(TestDriver.Answer.BREAKS, TestDriver.Answer.BREAKS, TestDriver.Answer.BREAKS);
        var others = stories.work(stories.lab("20"));

        broken.later(SECOND);
        assertThat(broken.state()).isEqualTo(State.STARTING);
        assertThat(broken.view().message()).contains("IllegalStateException");
        assertThat(others.state()).isEqualTo(State.IN_PROGRESS);

        broken.through(Duration.ofMinutes(4));
        assertThat(broken.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(broken.accepted()).isEqualTo(1);
        assertThat(failing()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"UNWRITABLE", "UNSAYABLE"})
    void endsUnchargedWhatCannotBeSaidToSageMaker(TestDriver.Answer why) {
        var work = stories.work(why).dispatched();

        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.view().message()).startsWith("It cannot be asked of SageMaker: ");
        assertThat(work.view().settledAt()).isNotNull();
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(work.charged()).isEqualTo(Money.ZERO);
        assertThat(work.events()).isEqualTo("workload.accepted workload.starting workload.failed workload.settled");
    }

    @Test
    void looksForAnEarlierCreateBeforeItEndsWhatCannotBeSaidAnyMore() {
        var work = stories.work(TestDriver.Answer.LOST_BEFORE, UNWRITABLE, UNWRITABLE, UNWRITABLE, UNWRITABLE)
                .dispatched()
                .later(SECOND);
        assertThat(stories.sageMaker().unsent(work.name())).isEqualTo(1);
        assertThat(work.state()).isEqualTo(State.STARTING);
        assertThat(work.held()).isEqualTo(Money.of("1.32"));

        work.later(Duration.ofMinutes(23));

        assertThat(work.state()).isEqualTo(State.FAILED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"BREAKS_UNSENT", "UNREADY"})
    void stopsAtTheNextVisitWhatWasNeverSentAndWritesItsStartOnce(TestDriver.Answer why) {
        var work = stories.work(why, why, why, why, why).through(Duration.ofMinutes(3));
        assertThat(work.state()).isEqualTo(State.STARTING);
        assertThat(stories.sageMaker().unsent(work.name())).isGreaterThan(1);

        work.stopped().looked();

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(work.events())
                .isEqualTo("workload.accepted workload.starting workload.stop-requested workload.stopped"
                        + " workload.settled");
        assertThat(failing()).isZero();
    }

    @Test
    void aFreezeEndsWhatWasNeverSent() {
        var work = stories.work(TestDriver.Answer.BREAKS_UNSENT).dispatched();

        stories.freezing().freeze(work.lab(), new Freezing.Order(Freezing.Stop.ALL, "enough"), Caller.BURSAR);
        work.looked();

        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void keepsTheHoldOfAnEarlierCreateWhenALaterOneBreaksBeforeItIsSent() {
        var work = stories.work(TestDriver.Answer.LOST_BEFORE, TestDriver.Answer.BREAKS_UNSENT)
                .dispatched()
                .later(SECOND)
                .stopped();

        work.later(Duration.ofMinutes(19));
        assertThat(work.state()).isEqualTo(State.STARTING);
        assertThat(work.held()).isEqualTo(Money.of("1.32"));

        work.later(Duration.ofMinutes(4));
        assertThat(work.state()).isEqualTo(State.STOPPED);
        assertThat(work.held()).isEqualTo(Money.ZERO);
    }

    @Test
    void queuesAgainWhatAwsDidNotHelpToMakeReady() {
        var work = stories.work(TestDriver.Answer.UNHEARD).dispatched();
        assertThat(work.state()).isEqualTo(State.QUEUED);

        work.through(Duration.ofMinutes(2));

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.accepted()).isEqualTo(1);
    }

    private double failing() {
        return meters.get("bursar.workloads.failing").gauge().value();
    }
}
