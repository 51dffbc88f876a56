package dev.bursar.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.aws.AwsAccounts;
import dev.bursar.aws.CopiedInstallation;
import dev.bursar.aws.Installation;
import dev.bursar.core.Caller;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;

/** Rule N1: a copied database looks, but touches nothing in AWS. */
@LifecycleTest
class CopyTests {

    private final Stories stories;
    private final AutowireCapableBeanFactory beans;
    private final Runs runs;
    private final Installation copy;

    CopyTests(Stories stories, AutowireCapableBeanFactory beans, AwsAccounts accounts, Drivers drivers) {
        this.stories = stories;
        this.beans = beans;
        this.copy = CopiedInstallation.of(stories.jdbc(), stories.clock());
        this.runs = new Runs(accounts, copy, drivers);
    }

    @Test
    void startsNothing() {
        var work = stories.work();

        var dispatcher = new Dispatcher(
                bean(Claims.class),
                bean(Launch.class),
                bean(MeterAge.class),
                bean(Timing.class),
                runs,
                bean(Setbacks.class),
                bean(WorkloadSettings.class));
        dispatcher.tick();

        assertThat(copy.isCopy()).isTrue();
        assertThat(work.state()).isEqualTo(State.QUEUED);
        assertThat(stories.sageMaker().creates(stories.nameOf(work, 1))).isZero();
        stories.dispatcher().tick();
        assertThat(stories.sageMaker().creates(stories.nameOf(work, 1))).isEqualTo(1);
    }

    @Test
    void stopsNothingAndTakesNothingIn() {
        var work = stories.work().running().stopped();

        reconciler().tick();
        assertThat(work.state()).isEqualTo(State.STOPPING);
        assertThat(stories.sageMaker().stops(work.name())).isZero();

        var lab = stories.lab("20");
        var id = WorkloadId.next(stories.clock().instant());
        var name = stories.nameOf(new Stories.Work(stories, id, lab), 1);
        stories.sageMaker()
                .put(name, TestJob.withOutput("s3://b/labs/%s/results/%s/".formatted(lab, name.replace('-', '/'))));
        stories.clock().advance(Duration.ofSeconds(6));
        feed().tick();
        assertThat(rows(id)).isZero();

        stories.clock().advance(Duration.ofSeconds(6));
        stories.feed().tick();
        assertThat(stories.views().get(id, Caller.BURSAR).attempt()).isEqualTo(1);
    }

    private Reconciler reconciler() {
        var visits = new Visits(
                runs,
                bean(Booking.class),
                bean(Launch.class),
                new StopOrders(runs, bean(Booking.class), bean(Timing.class)),
                bean(Setbacks.class),
                bean(MeterAge.class),
                bean(Timing.class));
        return new Reconciler(bean(Claims.class), visits, bean(Timing.class), bean(Setbacks.class));
    }

    private Feed feed() {
        var orphans = new Orphans(
                bean(Workloads.class),
                bean(Drivers.class),
                bean(AwsAccounts.class),
                bean(Funding.class),
                bean(dev.bursar.event.Events.class),
                runs,
                bean(Timing.class),
                bean(io.micrometer.core.instrument.MeterRegistry.class),
                bean(org.springframework.transaction.support.TransactionTemplate.class));
        return new Feed(
                bean(Feeds.class),
                bean(Drivers.class),
                bean(AwsAccounts.class),
                orphans,
                runs,
                bean(Timing.class),
                bean(FeedSettings.class));
    }

    private int rows(WorkloadId id) {
        return stories.jdbc()
                .sql("select count(*) from workload where id = :id")
                .param("id", id.value())
                .query(Integer.class)
                .single();
    }

    private <T> T bean(Class<T> type) {
        return beans.getBean(type);
    }
}
