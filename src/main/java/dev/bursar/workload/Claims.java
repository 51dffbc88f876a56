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

    /**
     * Work that waits to be started, what has its money first, by priority, then age; none of a frozen lab, of a kind whose
     * calls are used up, or of an AWS account whose meter is stale. Of what holds nothing, only the first in line for each
     * budget are tried, however long the line is; what cannot be looked after stands in no line.
     */
    List<Claim> queued(Instant now, int batch, List<String> paused, List<Long> stale) {
        return claim("""
                state = 'QUEUED' and stop_requested_at is null and due_at <= :now and %s
                  and aws_account_id <> all (cast(:stale as bigint[]))
                  and not exists (select from lab_freeze f where f.lab_id = workload.lab_id)
                  and ((reason in ('BUDGET', 'FROZEN', 'METER_STALE')) is not true or failing_since is not null or id in (
                    select id from (
                      select id, row_number() over (partition by lab_id, waits_for order by priority desc, id) as place
                      from workload
                      where state = 'QUEUED' and reason in ('BUDGET', 'FROZEN', 'METER_STALE') and failing_since is null) line
                    where place <= 20))
                order by (reason in ('BUDGET', 'FROZEN', 'METER_STALE')) is true, priority desc, id""", now, batch, paused, stale);
    }

    /** Work that somebody must look after; what is to stop comes first, the most expensive of it foremost. */
    List<Claim> due(Instant now, int batch, List<String> paused) {
        return claim("""
                state <> 'QUEUED' and due_at <= :now and %s
                order by stop_requested_at is null, case when stop_requested_at is not null
                  then -(quote -> 'perInstance' ->> 'usdPerHour')::numeric * (quote ->> 'instances')::numeric end, due_at""", now, batch, paused, List.of());
    }

    /** Gives back what nobody has worked on. */
    void release(List<Claim> unused, Instant now) {
        unused.forEach(claim -> jdbc.sql(
                        "update workload set due_at = :now, version = version + 1 where id = :id and version = :version")
                .param("now", Timestamp.from(now))
                .param("id", claim.id().value())
                .param("version", claim.version())
                .update());
    }

    /** Only where no other process is on this database: whoever had claims is dead, and everything comes due now. */
    int releaseAll(Instant now) {
        return jdbc.sql("update workload set due_at = :now, version = version + 1 where due_at > :now")
                .param("now", Timestamp.from(now))
                .update();
    }

    private List<Claim> claim(String which, Instant now, int batch, List<String> paused, List<Long> stale) {
        return jdbc.sql("""
                        with due as materialized (
                          select id from workload where %s limit :batch for update skip locked
                        )
                        update workload w set due_at = :until, version = version + 1 from due where w.id = due.id
                        returning w.id, w.version
                        """.formatted(which.formatted("kind || '/' || lab_id <> all (cast(:paused as text[]))")))
                .param("now", Timestamp.from(now))
                .param("until", Timestamp.from(now.plus(settings.claim())))
                .param("batch", batch)
                .param("paused", paused.toArray(String[]::new))
                .param("stale", stale.toArray(Long[]::new))
                .query((row, number) -> new Claim(new WorkloadId(row.getString("id")), row.getLong("version")))
                .list();
    }
}
