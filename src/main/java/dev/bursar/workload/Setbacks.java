package dev.bursar.workload;

import dev.bursar.workload.Intention.Intended;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Rows that could not be looked after, because what is said of them cannot be booked or their driver threw something
 * (rule C4). Each waits, longer every time, and says so; nobody else waits with it, and since AWS is not to blame, its
 * meter does not become stale. It goes by statements of its own, because the row itself may be what cannot be read.
 */
@Repository
class Setbacks {

    private static final Logger log = LoggerFactory.getLogger(Setbacks.class);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final Timing timing;
    private final MeterRegistry meters;

    Setbacks(JdbcClient jdbc, Timing timing, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.timing = timing;
        this.meters = meters;
        Gauge.builder("bursar.workloads.failing", this::failing)
                .description("workloads that cannot be looked after at the moment")
                .register(meters);
    }

    /** Its worker failed. If somebody else has moved on with the row, he will look for himself. */
    void note(Claim claim, Throwable e) {
        if (e instanceof OptimisticLockingFailureException) {
            log.info("workload={} somebody else has moved on with it; what was seen is dropped", claim.id());
            return;
        }
        note(claim.id(), e, of("", "version = :version", e).param("version", claim.version()));
    }

    /** It failed while it was started: whether it was is not known, so it is looked for. */
    void note(Intended intent, Throwable e) {
        note(intent, e, "");
    }

    private void note(Intended intent, Throwable e, String sets) {
        var before = intent.unknownBefore();
        note(
                intent.run().id(),
                e,
                of(sets, "state = 'STARTING' and sagemaker_name = :name and sendable_until = :until", e)
                        .param("name", intent.name())
                        .param("until", Timestamp.from(intent.sendableUntil()))
                        .param("unknown", before == null ? null : Timestamp.from(before), Types.TIMESTAMP));
    }

    /** It failed before anything was sent: it is no more unknown than it was before, so that a stop can end it. */
    void noteUnsent(Intended intent, Throwable e) {
        note(intent, e, "unknown_until = :unknown,");
    }

    private void note(WorkloadId id, Throwable e, JdbcClient.StatementSpec wait) {
        log.error("workload={} could not be looked after; it waits, longer every time", id, e);
        meters.counter("bursar.workload.setbacks", "error", e.getClass().getSimpleName())
                .increment();
        try {
            wait.param("id", id.value()).update();
        } catch (RuntimeException again) {
            log.error("workload={} could not be told to wait either; it comes due when its claim ends", id, again);
        }
    }

    private JdbcClient.StatementSpec of(String sets, String still, Throwable e) {
        return jdbc.sql("""
                        update workload set %s version = version + 1, looked_at = :now, failures = failures + 1,
                          failing_since = coalesce(failing_since, :now), message = :words,
                          due_at = cast(:now as timestamptz)
                            + least(:longest, :first * power(2, least(failures, 20))) * interval '1 millisecond'
                        where id = :id and due_at is not null and %s
                        """.formatted(sets, still))
                .param("now", Timestamp.from(timing.now()))
                .param("longest", LONGEST.toMillis())
                .param(
                        "first",
                        Duration.between(timing.now(), timing.nextLook()).toMillis())
                .param(
                        "words",
                        "It could not be looked after (%s); that is tried again, less and less often. The service's log says more."
                                .formatted(e.getClass().getSimpleName()));
    }

    private int failing() {
        return jdbc.sql("select count(*) from workload where failing_since is not null and due_at is not null")
                .query(Integer.class)
                .single();
    }
}
