package dev.bursar.workload;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.core.Role;
import dev.bursar.testing.MutableClock;
import dev.bursar.testing.TestLabs;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the tests of the lifecycle tell their stories with. */
record Stories(
        JdbcClient jdbc,
        Lifecycle lifecycle,
        WorkloadViews views,
        Dispatcher dispatcher,
        Reconciler reconciler,
        Renewal renewal,
        Freezing freezing,
        Feed feed,
        QueueEnds queueEnds,
        TestDriver sageMaker,
        LeasedDriver leases,
        MutableClock clock) {

    /** A lab with this much money. */
    LabId lab(String amount) {
        return lab(amount, null);
    }

    LabId lab(String amount, @Nullable Instant endsAt) {
        var labs = new TestLabs(jdbc, clock.instant());
        var lab = labs.lab();
        labs.budget(lab, null, null, amount, endsAt);
        return lab;
    }

    /** Ten minutes of work, $1.32 at worst, in a lab with $20. */
    Work work(TestDriver.Answer... plan) {
        return work(lab("20"), plan);
    }

    Work work(LabId lab, TestDriver.Answer... plan) {
        var label = "work-" + dev.bursar.core.Ids.next(clock.instant());
        sageMaker.plan(label, plan);
        var spec = new TestSpec(label, lab.value(), null, null, null, Duration.ofMinutes(10));
        var answer = lifecycle.submit(spec, caller(lab), null, "/api/v1/jobs");
        return new Work(this, Objects.requireNonNull(answer.getBody()).id(), lab);
    }

    /** Work that SageMaker does not limit, at {@link LeasedDriver}'s price. */
    Work leased(LabId lab, @Nullable Money maxCost) {
        var spec =
                new LeasedSpec("lease-" + dev.bursar.core.Ids.next(clock.instant()), lab.value(), null, null, maxCost);
        var answer = lifecycle.submit(spec, caller(lab), null, "/api/v1/jobs");
        return new Work(this, Objects.requireNonNull(answer.getBody()).id(), lab);
    }

    /** The name that this attempt will have. */
    String nameOf(Work work, int attempt) {
        var installation =
                jdbc.sql("select id from installation").query(String.class).single();
        return installation + "-" + work.id() + "-" + attempt;
    }

    /** How many movements of money a piece of work has made. */
    int entries(Work work) {
        return jdbc.sql("select count(*) from ledger_entry where hold_id = :id")
                .param("id", work.id().value())
                .query(Integer.class)
                .single();
    }

    static Caller caller(LabId lab) {
        return new Caller(lab, new MemberId("ada"), Role.MEMBER, false, null, null, null);
    }

    /** One piece of work and what a test does to it and sees of it. */
    record Work(Stories stories, WorkloadId id, LabId lab) {

        Work dispatched() {
            stories.dispatcher.tick();
            return this;
        }

        Work looked() {
            stories.reconciler.tick();
            return this;
        }

        Work after(Duration time) {
            stories.clock.advance(time);
            return this;
        }

        /** Time passes, and everybody who is due does his work. */
        Work later(Duration time) {
            after(time);
            stories.renewal.tick();
            return dispatched().looked();
        }

        /** Time passes in steps of a minute, and in each of them everybody who is due does his work. */
        Work through(Duration time) {
            for (var step = Duration.ZERO; step.compareTo(time) < 0; step = step.plusMinutes(1)) {
                later(Duration.ofMinutes(1));
            }
            return this;
        }

        Work stopped() {
            stories.lifecycle.stop(id, caller(lab));
            return this;
        }

        /** Exists in SageMaker and is billed from now on. */
        Work running() {
            dispatched().looked();
            job().starts(stories.clock.instant());
            return later(Duration.ofSeconds(1));
        }

        WorkloadView view() {
            return stories.views.get(id, Caller.BURSAR);
        }

        State state() {
            return view().state();
        }

        Money held() {
            return view().cost().held();
        }

        Money charged() {
            return view().cost().charged();
        }

        String name() {
            return Objects.requireNonNull(view().sageMakerName());
        }

        TestJob job() {
            return Objects.requireNonNull(stories.sageMaker.job(name()));
        }

        int accepted() {
            return stories.sageMaker.accepted(name());
        }

        String events() {
            return String.join(
                    " ",
                    stories.jdbc
                            .sql("select type from event where subject = :id order by id")
                            .param("id", id.value())
                            .query(String.class)
                            .list());
        }
    }
}
