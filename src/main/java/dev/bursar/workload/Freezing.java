package dev.bursar.workload;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.Money;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Freezes a lab. What is admitted or started at the same moment is either seen here or sees the freeze, because admissions
 * and intents share the lock that the freeze has for itself; {@link Claims} hands out no queued work of a frozen lab
 * afterwards.
 */
@Component
class Freezing {

    private static final Comparator<Stopped> DEAREST_FIRST =
            Comparator.comparing(Stopped::perHour).reversed().thenComparing(Stopped::id);

    private final JdbcClient jdbc;
    private final Workloads workloads;
    private final Stopping stopping;
    private final QueueEnds ends;
    private final Drivers drivers;
    private final Events events;
    private final Timing timing;
    private final TransactionTemplate transaction;

    Freezing(
            JdbcClient jdbc,
            Workloads workloads,
            Stopping stopping,
            QueueEnds ends,
            Drivers drivers,
            Events events,
            Timing timing,
            TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.workloads = workloads;
        this.stopping = stopping;
        this.ends = ends;
        this.drivers = drivers;
        this.events = events;
        this.timing = timing;
        this.transaction = transaction;
    }

    /** What is stopped beside keeping everything new from starting. */
    enum Stop {
        /** What runs goes on to its end, which its hold pays. */
        NOTHING,
        /** What has no end of its own. */
        LEASED,
        /** Everything, the most expensive first. */
        ALL
    }

    /** A freeze that is asked for. */
    @Schema(name = "NewFreeze")
    record Order(
            @NotNull Stop stop, @NotBlank @Size(max = 500) String reason) {}

    /**
     * A frozen lab.
     *
     * @param perHour of all that stops
     */
    @Schema(name = "Freeze")
    record Freeze(
            @Schema(example = "chem") String lab,
            Stop stop,
            String reason,

            @Schema(description = "what is stopped by this request, the most expensive first")
            List<Stopped> stops,

            @Schema(description = "US dollars for an hour of all that stops", example = "0.230000")
            Money perHour,

            Instant frozenAt) {}

    /** Work that the freeze stops. */
    @Schema(name = "FrozenWork")
    record Stopped(
            String id,
            @Schema(example = "training") String kind,
            String name,
            State state,

            @Schema(description = "US dollars for an hour; zero for what was still queued", example = "0.115000")
            Money perHour) {}

    /**
     * Again, it stops what is not stopped yet. The freeze and the stops are one transaction, which moves no money and so
     * waits for nobody who does; what is queued is ended after it, each by itself.
     */
    Freeze freeze(LabId lab, Order order, Caller by) {
        var freeze = Objects.requireNonNull(transaction.execute(status -> begin(lab, order, by)));
        freeze.stops().stream()
                .filter(work -> work.state() == State.QUEUED)
                .forEach(work -> ends.end(new WorkloadId(work.id()), by));
        return freeze;
    }

    private Freeze begin(LabId lab, Order order, Caller by) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('freeze ' || :lab, 0))")
                .param("lab", lab.value())
                .query((row, number) -> true)
                .single();
        var now = timing.now();
        write(lab, order, by, now);
        var live = workloads.lockedToStop(lab.value(), order.stop().name());
        var stops = live.stream().map(this::stopped).sorted(DEAREST_FIRST).toList();
        var perHour = stops.stream().map(Stopped::perHour).reduce(Money.ZERO, Money::plus);
        var freeze = new Freeze(lab.value(), order.stop(), order.reason(), stops, perHour, now);
        events.append(Fact.of("lab.frozen", lab, lab.value(), freeze), by);
        live.forEach(workload -> stopping.order(workload, StopCause.FROZEN, by));
        return freeze;
    }

    /** What waits because of it comes to its turn. What was stopped stays stopped. */
    @Transactional
    void end(LabId lab, Caller by) {
        var ended = jdbc.sql("delete from lab_freeze where lab_id = :lab")
                .param("lab", lab.value())
                .update();
        if (ended == 1) {
            events.append(Fact.of("lab.unfrozen", lab, lab.value(), null), by);
        }
    }

    /** Why nothing may be admitted to this lab. Until the transaction ends, no freeze begins. */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<String> reason(LabId lab) {
        jdbc.sql("select pg_advisory_xact_lock_shared(hashtextextended('freeze ' || :lab, 0))")
                .param("lab", lab.value())
                .query((row, number) -> true)
                .single();
        return since(lab);
    }

    /** The same for whoever may be overtaken by a freeze. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    Optional<String> since(LabId lab) {
        return jdbc.sql("select reason from lab_freeze where lab_id = :lab")
                .param("lab", lab.value())
                .query(String.class)
                .optional()
                .map("The lab is frozen: %s. It starts when the freeze is ended."::formatted);
    }

    private void write(LabId lab, Order order, Caller by, Instant now) {
        jdbc.sql("""
                        insert into lab_freeze (lab_id, stop, reason, frozen_by, frozen_at)
                        values (:lab, :stop, :reason, :by, :now)
                        on conflict (lab_id) do update set stop = excluded.stop, reason = excluded.reason,
                          frozen_by = excluded.frozen_by, frozen_at = excluded.frozen_at
                        """)
                .param("lab", lab.value())
                .param("stop", order.stop().name())
                .param("reason", order.reason())
                .param("by", by.actor())
                .param("now", Timestamp.from(now))
                .update();
    }

    private Stopped stopped(Workload workload) {
        return new Stopped(
                workload.id().value(),
                workload.origin().kind(),
                workload.origin().name(),
                workload.state(),
                perHour(workload));
    }

    private Money perHour(Workload workload) {
        var state = workload.state();
        if (state == State.QUEUED || state == State.PENDING_APPROVAL || state == State.HIBERNATED) {
            return Money.ZERO;
        }
        var quote = drivers.read(workload.quote(), Quote.class);
        return quote.cost(Duration.ofHours(1).multipliedBy(quote.instances()));
    }
}
