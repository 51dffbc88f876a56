package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.Money;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Rule C2: news make somebody look sooner; and what they name that nobody knows is taken in and charged. */
@LifecycleTest
class FeedTests {

    @Autowired
    private Stories stories;

    @Test
    void looksAtOnceAtWhatHasNews() {
        var work = stories.work().running();
        dueIn(work, Duration.ofMinutes(10));
        work.job().ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(9));
        work.job().hasNews();

        work.later(Duration.ofSeconds(5));
        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);

        stories.feed().tick();
        work.looked();
        assertThat(work.state()).isEqualTo(State.COMPLETED);
        assertThat(work.charged()).isEqualTo(Money.of("0.009"));
    }

    @Test
    void doesNotLookForNewsOfWhatIsKnown() {
        var work = stories.work().running();
        dueIn(work, Duration.ofMinutes(10));
        work.job().hasNews();

        readNews();

        assertThat(dueAt(work)).isAfter(stories.clock().instant().plus(Duration.ofMinutes(9)));
    }

    @Test
    void takesInAndChargesWorkThatNoRowKnows() {
        var lab = stories.lab("20");
        var id = WorkloadId.next(stories.clock().instant());
        var job = found(lab, id, 3);
        job.starts(stories.clock().instant());

        readNews();
        stories.reconciler().tick();

        var view = stories.views().get(id, Caller.BURSAR);
        assertThat(view.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(view.attempt()).isEqualTo(3);
        assertThat(view.cost().held()).isEqualTo(Money.of("1.32"));

        job.ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(30));
        stories.clock().advance(Duration.ofSeconds(5));
        stories.reconciler().tick();
        assertThat(stories.views().get(id, Caller.BURSAR).cost().charged()).isEqualTo(Money.of("0.03"));
    }

    @Test
    void chargesFoundWorkThatItsBudgetCannotHold() {
        var lab = stories.lab("0.01");
        var id = WorkloadId.next(stories.clock().instant());
        var job = found(lab, id, 1);
        job.starts(stories.clock().instant());
        job.ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(30));

        readNews();
        stories.reconciler().tick();

        var cost = stories.views().get(id, Caller.BURSAR).cost();
        assertThat(cost.charged()).isEqualTo(Money.of("0.01"));
        assertThat(cost.overrun()).isEqualTo(Money.of("0.02"));
    }

    @Test
    void takesInTheOthersWhereOneCannotBeTakenIn() {
        var lab = stories.lab("20");
        var unreadable = WorkloadId.next(stories.clock().instant());
        stories.sageMaker().put(installation() + "-" + unreadable + "-1", TestJob.unreadable());
        var id = WorkloadId.next(stories.clock().instant());
        found(lab, id, 1);

        readNews();

        assertThat(rows(unreadable)).isZero();
        assertThat(rows(id)).isEqualTo(1);
    }

    @Test
    void takesInRunningWorkAlsoWhereMoneyIsKeptForOlderWork() {
        var lab = stories.lab("2");
        stories.work(lab).running();
        var older = stories.work(lab);
        assertThat(older.view().reason()).isEqualTo(Reason.BUDGET);
        stories.clock().advance(Duration.ofMinutes(61));
        var id = WorkloadId.next(stories.clock().instant());
        var job = found(lab, id, 1);
        job.starts(stories.clock().instant());
        job.ends(State.COMPLETED, stories.clock().instant(), Duration.ofSeconds(30));

        readNews();
        stories.reconciler().tick();

        assertThat(stories.views().get(id, Caller.BURSAR).cost().charged()).isEqualTo(Money.of("0.03"));
    }

    @Test
    void leavesAloneWhatIsOursByNameOnly() {
        var id = WorkloadId.next(stories.clock().instant());
        stories.sageMaker()
                .put(installation() + "-" + id + "-1", TestJob.withOutput("s3://b/labs/chem/results/other/"));

        readNews();

        assertThat(rows(id)).isZero();
    }

    @Test
    void leavesAnEarlierAttemptOfKnownWorkAlone() {
        var work = stories.work().dispatched();
        found(work.lab(), work.id(), 1);
        work.job().failsForCapacity(stories.clock().instant());
        work.looked().later(Duration.ofSeconds(31));
        assertThat(work.view().attempt()).isEqualTo(2);

        readNews();

        assertThat(rows(work.id())).isEqualTo(1);
        assertThat(work.view().attempt()).isEqualTo(2);
    }

    @Test
    void stopsAndPaysWhatTurnsUpAfterItWasGivenUp() {
        var work = stories.work(TestDriver.Answer.LOST_BEFORE).dispatched().stopped();
        work.after(Duration.ofMinutes(23)).looked();
        assertThat(work.state()).isEqualTo(State.STOPPED);

        var late = new TestJob();
        late.hasNews();
        late.starts(stories.clock().instant());
        stories.sageMaker().put(work.name(), late);
        readNews();
        work.looked();
        assertThat(stories.sageMaker().stops(work.name())).isEqualTo(1);

        late.ends(State.STOPPED, stories.clock().instant(), Duration.ofSeconds(7));
        work.later(Duration.ofSeconds(2));
        assertThat(work.charged()).isEqualTo(Money.of("0.007"));
        assertThat(work.view().settledAt()).isNotNull();
    }

    @Test
    void looksOnceAtSomebodyElsesJobHoweverMuchNewsItHas() {
        var work = stories.work();
        var foreign = TestJob.ofSomebodyElse();
        foreign.hasNews();
        stories.sageMaker().put(stories.nameOf(work, 1), foreign);
        work.dispatched().looked();
        assertThat(work.state()).isEqualTo(State.FAILED);
        var events = work.events();

        for (var times = 0; times < 3; times++) {
            readNews();
            work.looked();
        }

        assertThat(work.events()).isEqualTo(events).doesNotContain("reopened");
        assertThat(work.view().settledAt()).isNotNull();
    }

    @Test
    void stopsAndPaysALaterAttemptOfEndedWorkThatItsRowDoesNotKnow() {
        var work = stories.work().dispatched();
        work.job().failsForCapacity(stories.clock().instant());
        work.looked().stopped();
        assertThat(work.view().settledAt()).isNotNull();
        var late = found(work.lab(), work.id(), 2);
        late.starts(stories.clock().instant());

        readNews();
        work.looked();
        assertThat(stories.sageMaker().stops(stories.nameOf(work, 2))).isEqualTo(1);

        late.ends(State.STOPPED, stories.clock().instant(), Duration.ofSeconds(7));
        work.later(Duration.ofSeconds(2));
        assertThat(work.charged()).isEqualTo(Money.of("0.007"));
        assertThat(work.view().settledAt()).isNotNull();
        assertThat(work.events()).contains("workload.attempt-found");
    }

    @Test
    void goesOnWithALaterAttemptOfQueuedWorkThatItsRowDoesNotKnow() {
        var work = stories.work().dispatched();
        work.job().failsForCapacity(stories.clock().instant());
        work.looked();
        assertThat(work.state()).isEqualTo(State.QUEUED);
        found(work.lab(), work.id(), 2).starts(stories.clock().instant());

        readNews();
        work.looked();

        assertThat(work.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(work.view().attempt()).isEqualTo(2);
        assertThat(work.held()).isEqualTo(Money.of("1.32"));
        assertThat(stories.sageMaker().creates(work.name())).isZero();
    }

    private TestJob found(LabId lab, WorkloadId id, int attempt) {
        var job = TestJob.withOutput("s3://b/labs/%s/results/%s/%s/%d/".formatted(lab, installation(), id, attempt));
        stories.sageMaker().put("%s-%s-%d".formatted(installation(), id, attempt), job);
        return job;
    }

    private void readNews() {
        stories.clock().advance(Duration.ofSeconds(6));
        stories.feed().tick();
    }

    private String installation() {
        return stories.jdbc()
                .sql("select id from installation")
                .query(String.class)
                .single();
    }

    private int rows(WorkloadId id) {
        return stories.jdbc()
                .sql("select count(*) from workload where id = :id")
                .param("id", id.value())
                .query(Integer.class)
                .single();
    }

    private void dueIn(Stories.Work work, Duration time) {
        stories.jdbc()
                .sql("update workload set due_at = :at where id = :id")
                .param("at", java.sql.Timestamp.from(stories.clock().instant().plus(time)))
                .param("id", work.id().value())
                .update();
    }

    private java.time.Instant dueAt(Stories.Work work) {
        return stories.jdbc()
                .sql("select due_at from workload where id = :id")
                .param("id", work.id().value())
                .query(java.sql.Timestamp.class)
                .single()
                .toInstant();
    }
}
