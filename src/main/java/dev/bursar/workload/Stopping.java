package dev.bursar.workload;

import dev.bursar.core.Caller;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Writes down that something is to stop. Stop and claim lock the same row, so neither overtakes the other unseen. */
@Component
class Stopping {

    private final EntityManager entities;
    private final Settlement settlement;
    private final Events events;
    private final Timing timing;

    Stopping(EntityManager entities, Settlement settlement, Events events, Timing timing) {
        this.entities = entities;
        this.settlement = settlement;
        this.events = events;
        this.timing = timing;
    }

    @Transactional
    void stop(WorkloadId id, StopCause cause, Caller by) {
        var workload = locked(id);
        if (!workload.state().isOver() && !workload.isStopRequested()) {
            order(workload, cause, by);
            endIfQueued(workload, by);
        }
    }

    /** Durable from here on, and without money: what is queued is ended {@link #endQueued afterwards}. */
    @Transactional(propagation = Propagation.MANDATORY)
    void order(Workload workload, StopCause cause, Caller by) {
        events.append(
                Fact.of(
                        "workload.stop-requested",
                        workload.origin().lab(),
                        workload.id().value(),
                        Map.of("cause", cause)),
                by);
        workload.requestStop(cause, timing.now());
    }

    /** Ends and settles what was told to stop while it was queued; harmless for anything else. */
    @Transactional
    void endQueued(WorkloadId id, Caller by) {
        var workload = locked(id);
        if (workload.isStopRequested()) {
            endIfQueued(workload, by);
        }
    }

    private void endIfQueued(Workload workload, Caller by) {
        if (workload.state() == State.QUEUED) {
            var cause = workload.stopCause() == null ? StopCause.USER : workload.stopCause();
            var words =
                    Objects.requireNonNullElse(cause.sentence(), "Stopped before it was started; nothing was spent.");
            settlement.withoutSpending(workload, State.STOPPED, words, by);
        }
    }

    private Workload locked(WorkloadId id) {
        return entities.find(Workload.class, id.value(), LockModeType.PESSIMISTIC_WRITE);
    }
}
