package dev.bursar.workload;

import dev.bursar.core.Caller;
import java.sql.Timestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Nothing waits for ever, whatever it waits for, also where its turn never comes (rule M10). */
@Component
class QueueLimit {

    private static final Logger log = LoggerFactory.getLogger(QueueLimit.class);

    private final JdbcClient jdbc;
    private final Stopping stopping;
    private final Timing timing;

    QueueLimit(JdbcClient jdbc, Stopping stopping, Timing timing) {
        this.jdbc = jdbc;
        this.stopping = stopping;
        this.timing = timing;
    }

    @Scheduled(fixedDelayString = "${bursar.workload.queue-limit-tick:PT30S}")
    void tick() {
        jdbc.sql("""
                        select id from workload where state = 'QUEUED' and stop_requested_at is null and created_at < :before
                        order by id limit 500
                        """)
                .param("before", Timestamp.from(timing.waitedTooLongSince()))
                .query(String.class)
                .list()
                .forEach(this::stop);
    }

    private void stop(String id) {
        try {
            log.info("workload={} has waited for too long; it is stopped", id);
            stopping.stop(new WorkloadId(id), StopCause.WAITED_TOO_LONG, Caller.BURSAR);
        } catch (RuntimeException e) {
            log.error("workload={} could not be stopped; it is tried again", id, e);
        }
    }
}
