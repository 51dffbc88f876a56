package dev.bursar.workload;

import dev.bursar.core.Caller;
import java.sql.Timestamp;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Ends what is queued and is not to wait any longer, each by itself: what was told to stop, and what has waited for too
 * long, whatever it waits for, also where its turn never comes (rule M10).
 */
@Component
class QueueEnds {

    private static final Logger log = LoggerFactory.getLogger(QueueEnds.class);

    private final JdbcClient jdbc;
    private final Stopping stopping;
    private final Timing timing;

    QueueEnds(JdbcClient jdbc, Stopping stopping, Timing timing) {
        this.jdbc = jdbc;
        this.stopping = stopping;
        this.timing = timing;
    }

    @Scheduled(fixedDelayString = "${bursar.workload.queue-limit-tick:PT30S}")
    void tick() {
        each("stop_requested_at is not null", id -> end(id, Caller.BURSAR));
        each("stop_requested_at is null and created_at < :before", this::stop);
    }

    /** It was told to stop. If that fails now, it is done at the next tick. */
    void end(WorkloadId id, Caller by) {
        safely(id, () -> stopping.endQueued(id, by));
    }

    private void stop(WorkloadId id) {
        log.info("workload={} has waited for too long; it is stopped", id);
        safely(id, () -> stopping.stop(id, StopCause.WAITED_TOO_LONG, Caller.BURSAR));
    }

    private void each(String which, Consumer<WorkloadId> work) {
        jdbc.sql("select id from workload where state = 'QUEUED' and " + which + " order by id limit 500")
                .param("before", Timestamp.from(timing.waitedTooLongSince()))
                .query((row, number) -> new WorkloadId(row.getString("id")))
                .list()
                .forEach(work);
    }

    private static void safely(WorkloadId id, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            log.error("workload={} could not be ended; it is tried again", id, e);
        }
    }
}
