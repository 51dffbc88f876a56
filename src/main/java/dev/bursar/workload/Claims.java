package dev.bursar.workload;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Hands out rows that are due, each to one worker: a claim moves {@code due_at} ahead and raises the version. If the
 * worker dies, the row comes due again by itself.
 */
@Repository
class Claims {

    private final JdbcClient jdbc;
    private final WorkloadSettings settings;

    Claims(JdbcClient jdbc, WorkloadSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** Work that waits to be started, by priority, then age. */
    List<Claim> queued(Instant now, int batch) {
        return claim("state = 'QUEUED' and due_at <= :now order by priority desc, id", now, batch);
    }

    /** Work that somebody must look after. */
    List<Claim> due(Instant now, int batch) {
        return claim("state <> 'QUEUED' and due_at <= :now order by due_at", now, batch);
    }

    private List<Claim> claim(String which, Instant now, int batch) {
        return jdbc.sql("""
                        with due as materialized (
                          select id from workload where %s limit :batch for update skip locked
                        )
                        update workload w set due_at = :until, version = version + 1 from due where w.id = due.id
                        returning w.id, w.version
                        """.formatted(which))
                .param("now", Timestamp.from(now))
                .param("until", Timestamp.from(now.plus(settings.claim())))
                .param("batch", batch)
                .query((row, number) -> new Claim(new WorkloadId(row.getString("id")), row.getLong("version")))
                .list();
    }
}
