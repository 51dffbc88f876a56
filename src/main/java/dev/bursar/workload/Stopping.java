package dev.bursar.workload;

import dev.bursar.core.Caller;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
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
        var workload = entities.find(Workload.class, id.value(), LockModeType.PESSIMISTIC_WRITE);
        if (workload.state().isOver() || workload.isStopRequested()) {
            return;
        }
        events.append(
                Fact.of("workload.stop-requested", workload.origin().lab(), id.value(), Map.of("cause", cause)), by);
        workload.requestStop(cause, timing.now());
        if (workload.state() == State.QUEUED) {
            var words =
                    Objects.requireNonNullElse(cause.sentence(), "Stopped before it was started; nothing was spent.");
            settlement.withoutSpending(workload, State.STOPPED, words, by);
        }
    }
}
