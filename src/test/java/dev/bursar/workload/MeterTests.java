package dev.bursar.workload;

import static dev.bursar.workload.TestDriver.Answer.LOST_BEFORE;
import static dev.bursar.workload.TestDriver.Answer.THROTTLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.aws.AwsTime;
import dev.bursar.core.LabId;
import dev.bursar.core.Money;
import dev.bursar.web.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Rule M13: while what runs cannot be seen, nothing new is held or created. Each test begins with nothing live. */
@LifecycleTest
@TestPropertySource(
        properties = {"bursar.meter.stale-after=PT5M", "bursar.meter.unseen-after=PT10M", "bursar.feed.sweep=PT5M"})
class MeterTests {

    private static final Money WORST = Money.of("1.32");
    private static final Duration STALE = Duration.ofMinutes(5).plusSeconds(1);

    private final Stories stories;
    private final MeterHealth health;
    private final MeterRegistry meters;
    private final AwsTime aws;

    MeterTests(Stories stories, MeterHealth health, MeterRegistry meters, AwsTime aws) {
        this.stories = stories;
        this.health = health;
        this.meters = meters;
        this.aws = aws;
    }

    @AfterEach
    void nothingIsLive() {
        stories.jdbc()
                .sql(
                        "update workload set state = 'STOPPED', settled_at = created_at, due_at = null where settled_at is null")
                .update();
    }

    @Test
    void acceptsWithoutAHoldWhileItIsStaleAndStartsWhenItIsFresh() {
        var lab = stories.lab("20");
        var running = unreadable(stories.work(lab).running());
        running.later(STALE);

        var work = stories.work(lab).dispatched();
        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(work.view().reason()).isEqualTo(Reason.METER_STALE);
        assertThat(work.held()).isEqualTo(Money.ZERO);
        assertThat(stories.entries(work)).isZero();
        assertThat(work.view().message()).contains("5 minutes");
        assertThat(running.held()).isEqualTo(WORST);

        running.job().unreachable(false);
        work.after(Duration.ofSeconds(1)).looked().dispatched().looked();
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.held()).isEqualTo(WORST);
    }

    @Test
    void createsNothingOfWhatIsQueuedAndHeldWhileItIsStale() {
        var running = unreadable(stories.work().running());
        var work = stories.work(THROTTLED).dispatched();
        assertThat(work.held()).isEqualTo(WORST);

        work.later(STALE).later(Duration.ofMinutes(1));

        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(work.held()).isEqualTo(WORST);
        assertThat(stories.sageMaker().creates(work.name())).isEqualTo(1);

        running.job().unreachable(false);
        work.after(Duration.ofSeconds(1)).looked().dispatched();
        assertThat(work.accepted()).isEqualTo(1);
    }

    @Test
    void isStaleForOneLiveWorkloadThatIsNotSeenThoughOthersAre() {
        var unseen = unreadable(stories.work().running());
        stories.work().running();

        unseen.later(Duration.ofMinutes(5)).later(Duration.ofMinutes(4));
        assertThat(stories.work().held()).isEqualTo(WORST);

        unseen.later(Duration.ofMinutes(2));
        assertThat(stories.work().view().reason()).isEqualTo(Reason.METER_STALE);
    }

    @Test
    void isNotStaleWhereNothingIsLive() {
        var work = stories.work().after(Duration.ofHours(1));

        assertThat(work.dispatched().looked().state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void createsAgainWhatWasLostOnceSageMakerIsReadAgain() {
        var work = stories.work(LOST_BEFORE).dispatched();

        work.later(Duration.ofHours(1)).looked();

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.accepted()).isEqualTo(1);
    }

    @Test
    void refusesWhatCanNeverBePaidAlsoWhileItIsStale() {
        unreadable(stories.work().running()).later(STALE);

        assertThatThrownBy(() -> stories.work(stories.lab("1.319999"))).isInstanceOf(Problem.class);
    }

    @Test
    void isStaleForTheLabsOfOneAccountWhoseRoleWasRevoked() {
        var lab = stories.lab("20");
        var account = accountOf(lab);
        var theirs = stories.work(lab).running();
        var others = stories.lab("20");
        stories.work(others).running();
        stories.sageMaker().revoke(account);

        theirs.through(Duration.ofMinutes(30));

        assertThat(stories.work(lab).view().reason()).isEqualTo(Reason.METER_STALE);
        assertThat(stories.work(others).later(Duration.ofSeconds(1)).state()).isEqualTo(State.IN_PROGRESS);
        assertThat(gauge()).isEqualTo(1);
        assertThat(String.valueOf(health.health().getDetails())).contains("210987654321");

        stories.sageMaker().letIn(account);
        theirs.later(Duration.ofSeconds(1));
        assertThat(stories.work(lab).later(Duration.ofSeconds(1)).state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void isStaleForOneLiveWorkloadWhoseCreateWasNeverAnsweredNorFound() {
        stories.work().running();
        var lost = stories.work(LOST_BEFORE);
        stories.sageMaker().put(stories.nameOf(lost, 1), new TestJob());
        unreadable(lost.dispatched());

        lost.through(Duration.ofMinutes(12));

        assertThat(stories.work().view().reason()).isEqualTo(Reason.METER_STALE);
    }

    @Test
    void isStaleWhileTheClocksAreApart() {
        aws.is(stories.clock().instant().minusSeconds(31));

        var work = stories.work().dispatched();
        assertThat(work.view().reason()).isEqualTo(Reason.METER_STALE);
        assertThat(work.view().message()).contains("31 s apart");

        aws.is(stories.clock().instant().plusSeconds(2));
        work.dispatched().looked();
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void saysSo() {
        var running = unreadable(stories.work().running());
        assertThat(status()).isEqualTo("UP");
        assertThat(gauge()).isZero();

        running.later(STALE);

        assertThat(status()).isEqualTo("METER_STALE");
        assertThat(gauge()).isEqualTo(1);
    }

    private long accountOf(LabId lab) {
        return stories.jdbc()
                .sql("""
                        insert into aws_account (lab_id, account, region, execution_role_arn, bucket, created_at)
                        values (:lab, '210987654321', 'us-east-1', 'arn:aws:iam::210987654321:role/r', 'b', :now) returning id
                        """)
                .param("lab", lab.value())
                .param("now", java.sql.Timestamp.from(stories.clock().instant()))
                .query(Long.class)
                .single();
    }

    private static Stories.Work unreadable(Stories.Work work) {
        work.job().unreachable(true);
        return work;
    }

    private String status() {
        return String.valueOf(health.health().getStatus().getCode());
    }

    private double gauge() {
        return meters.get("bursar.meter.stale").gauge().value();
    }
}
