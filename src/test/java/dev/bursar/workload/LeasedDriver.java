package dev.bursar.workload;

import dev.bursar.core.LabId;
import dev.bursar.core.Rate;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * A kind that SageMaker does not limit, on the price of an ml.p5.48xlarge: a second too much is $0.0176. What it knows of
 * its work is the SageMaker of these tests, and its times are the only ones that are billed.
 */
final class LeasedDriver implements Driver<LeasedSpec> {

    static final Rate RATE = new Rate(new BigDecimal("63.296"), "tests/1");
    static final Lease LEASE = new Lease(Duration.ofHours(1), Duration.ofMinutes(30));
    static final Duration MARGIN = Duration.ofMinutes(7);

    private final Clock clock;
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();

    LeasedDriver(Clock clock) {
        this.clock = clock;
    }

    /** In SageMaker. */
    static final class Job {
        private final Instant startedAt;
        private Duration stopTakes = Duration.ofSeconds(30);
        private Instant stopsAreHeardFrom = Instant.MIN;
        private boolean unreachable;
        private boolean broken;
        private @Nullable Instant endedAt;

        private Job(Instant startedAt) {
            this.startedAt = startedAt;
        }

        void refusesStopsUntil(Instant instant) {
            stopsAreHeardFrom = instant;
        }

        void stopTakes(Duration time) {
            stopTakes = time;
        }

        void unreachable(boolean whether) {
            unreachable = whether;
        }

        /** Whoever looks at it makes a mistake. */
        void breaks(boolean whether) {
            broken = whether;
        }

        Instant startedAt() {
            return startedAt;
        }

        Instant endedAt() {
            return Objects.requireNonNull(endedAt);
        }
    }

    Job job(String name) {
        return Objects.requireNonNull(jobs.get(name));
    }

    @Override
    public String kind() {
        return "made-up-lease";
    }

    @Override
    public Class<LeasedSpec> specType() {
        return LeasedSpec.class;
    }

    @Override
    public LeasedSpec resolve(LeasedSpec asked, LabId lab) {
        return asked;
    }

    @Override
    public Quote quote(LeasedSpec spec, LabId lab) {
        return Quote.leased("ml.p5.48xlarge", RATE, 1, LEASE, MARGIN);
    }

    @Override
    public Create ready(Run<LeasedSpec> run) {
        return () -> jobs.putIfAbsent(run.name(), new Job(clock.instant()));
    }

    @Override
    public Optional<Observation> look(Run<LeasedSpec> run) {
        var job = reached(run);
        if (job != null && job.broken) {
            throw new IllegalStateException("a driver's mistake");
        }
        return Optional.ofNullable(job).map(this::observation);
    }

    private Observation observation(Job job) {
        var now = clock.instant();
        var over = job.endedAt != null && !now.isBefore(job.endedAt);
        var used = Duration.between(job.startedAt, over ? job.endedAt : now);
        return new Observation(
                true,
                over ? State.STOPPED : job.endedAt == null ? State.IN_PROGRESS : State.STOPPING,
                "Made up",
                "arn:made-up",
                job.startedAt,
                over ? job.endedAt : null,
                new Observation.Usage(used, over),
                false,
                null,
                null,
                Observation.Results.NONE);
    }

    @Override
    public void stop(Run<LeasedSpec> run) {
        var job = reached(run);
        if (job == null || job.endedAt != null) {
            return;
        }
        if (clock.instant().isBefore(job.stopsAreHeardFrom)) {
            throw SdkClientException.create("refused");
        }
        job.endedAt = clock.instant().plus(job.stopTakes);
    }

    private @Nullable Job reached(Run<LeasedSpec> run) {
        var job = jobs.get(run.name());
        if (job != null && job.unreachable) {
            throw SdkClientException.create("connect timed out");
        }
        return job;
    }
}
