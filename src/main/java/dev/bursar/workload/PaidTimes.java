package dev.bursar.workload;

import dev.bursar.budget.HoldId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The time that each running workload's hold pays for. A row lives from when it may cost something to its settlement. */
@Repository
@Transactional(propagation = Propagation.MANDATORY)
class PaidTimes {

    private final JdbcClient jdbc;
    private final LeaseSettings settings;

    PaidTimes(JdbcClient jdbc, LeaseSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** What is paid, and by what it must be paid further. */
    record PaidTime(
            WorkloadId id,
            Instant paidFrom,
            Instant paidUntil,
            Duration used,
            String spec,
            String quote,
            boolean stopRequested,
            Instant seenAt,
            @Nullable Instant failingSince) {

        HoldId holdId() {
            return new HoldId(id.value());
        }

        private static PaidTime of(ResultSet row, int number) throws SQLException {
            var failingSince = row.getTimestamp("failing_since");
            return new PaidTime(
                    new WorkloadId(row.getString("workload_id")),
                    row.getTimestamp("paid_from").toInstant(),
                    row.getTimestamp("paid_until").toInstant(),
                    Duration.ofMillis(row.getLong("used_ms")),
                    row.getString("spec"),
                    row.getString("quote"),
                    row.getBoolean("stop_requested"),
                    row.getTimestamp("seen_at").toInstant(),
                    failingSince == null ? null : failingSince.toInstant());
        }
    }

    /** A Create is about to be sent: what has no limit may cost money from now on. */
    void intend(WorkloadId id, Quote quote, Instant now) {
        if (quote.lease() != null) {
            write("on conflict (workload_id) do nothing", id, quote, now);
        }
    }

    /** SageMaker says when it started, and what it has used since. */
    void see(WorkloadId id, Quote quote, Observation seen) {
        if (seen.startedAt() == null) {
            return;
        }
        write("""
                on conflict (workload_id) do update set paid_from = excluded.paid_from
                  where paid_time.paid_from <> excluded.paid_from and excluded.paid_from < paid_time.paid_until""", id, quote, seen.startedAt());
        if (quote.lease() != null) {
            jdbc.sql("update paid_time set used_ms = :used where workload_id = :id and used_ms < :used")
                    .param("id", id.value())
                    .param("used", seen.usage().instanceTime().toMillis())
                    .update();
        }
    }

    private void write(String onConflict, WorkloadId id, Quote quote, Instant from) {
        var until = from.plus(quote.longest());
        jdbc.sql("""
                        insert into paid_time (workload_id, paid_from, paid_until, renew_at)
                        values (:id, :from, :until, :renew) %s
                        """.formatted(onConflict))
                .param("id", id.value())
                .param("from", Timestamp.from(from))
                .param("until", Timestamp.from(until))
                .param("renew", Timestamp.from(until.minus(lead(quote, false))))
                .update();
    }

    /** How long before its end a stretch must be renewed. */
    Duration lead(Quote quote, boolean stopRequested) {
        return quote.lease() == null || stopRequested
                ? settings.extendAhead()
                : quote.ending().plus(settings.renewAhead());
    }

    /** What must be renewed now, the most urgent first. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    List<WorkloadId> due(Instant now) {
        return jdbc.sql("select workload_id from paid_time where renew_at <= :now order by renew_at limit 100")
                .param("now", Timestamp.from(now))
                .query((row, number) -> new WorkloadId(row.getString(1)))
                .list();
    }

    /** Locked for as long as the transaction lasts; empty if it has been renewed meanwhile, or is paid for good. */
    Optional<PaidTime> locked(WorkloadId id, Instant now) {
        return jdbc.sql("""
                        select s.*, w.spec, w.quote, w.stop_requested_at is not null as stop_requested,
                          coalesce(w.seen_at, s.paid_from) as seen_at, w.failing_since
                        from paid_time s join workload w on w.id = s.workload_id
                        where s.workload_id = :id and s.renew_at <= :now for update of s
                        """)
                .param("id", id.value())
                .param("now", Timestamp.from(now))
                .query(PaidTime::of)
                .optional();
    }

    void move(WorkloadId id, Instant paidUntil, Instant renewAt) {
        jdbc.sql("update paid_time set paid_until = :until, renew_at = :renew where workload_id = :id")
                .param("id", id.value())
                .param("until", Timestamp.from(paidUntil))
                .param("renew", Timestamp.from(renewAt))
                .update();
    }

    /** It could not be renewed, for a reason that is not money. */
    @Transactional
    void postpone(WorkloadId id, Instant renewAt) {
        jdbc.sql("update paid_time set renew_at = :renew where workload_id = :id")
                .param("id", id.value())
                .param("renew", Timestamp.from(renewAt))
                .update();
    }

    /** It costs nothing more: it is settled, or surely does not exist. */
    void end(WorkloadId id) {
        jdbc.sql("delete from paid_time where workload_id = :id")
                .param("id", id.value())
                .update();
    }
}
