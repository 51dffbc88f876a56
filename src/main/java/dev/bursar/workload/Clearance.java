package dev.bursar.workload;

import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Whether work may be sent to SageMaker now, asked in the transaction of every intent, the repeated ones too (rules C4,
 * M8, M10): nothing starts in a frozen lab or from a frozen budget, nothing waits for ever, and nothing starts that its
 * budget may not see the end of.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class Clearance {

    private final Freezing freezing;
    private final Funding funding;
    private final Settlement settlement;
    private final Runs runs;
    private final Timing timing;

    Clearance(Freezing freezing, Funding funding, Settlement settlement, Runs runs, Timing timing) {
        this.freezing = freezing;
        this.funding = funding;
        this.settlement = settlement;
        this.runs = runs;
        this.timing = timing;
    }

    /** If it is not given, the row says why, and waits or ends. */
    boolean isGiven(Workload workload) {
        return isInTime(workload) && isThawed(workload);
    }

    /** Why nothing is sent for this lab any more, just before it would be; promises nothing beyond the moment. */
    @Transactional(propagation = Propagation.SUPPORTS, readOnly = true)
    Optional<String> isFrozenMeanwhile(LabId lab) {
        return freezing.since(lab);
    }

    private boolean isInTime(Workload workload) {
        if (timing.hasWaitedTooLong(workload)) {
            giveUp(workload, StopCause.WAITED_TOO_LONG, String.valueOf(StopCause.WAITED_TOO_LONG.sentence()));
            return false;
        }
        var tooSoon = endsTooSoon(workload);
        tooSoon.ifPresent(shortage -> giveUp(workload, StopCause.BUDGET_ACTION, shortage.sentence()));
        return tooSoon.isEmpty();
    }

    private boolean isThawed(Workload workload) {
        var frozen = freezing.reason(workload.origin().lab())
                .or(() -> funding.frozen(workload).map(Shortage::sentence));
        frozen.ifPresent(words -> workload.lookAgain(
                workload.state() == State.QUEUED ? timing.budgetRetry() : timing.capacityRetry(), words));
        return frozen.isEmpty();
    }

    /** Whether its money is held in a budget that ends before it would surely be over, started now. */
    private Optional<Shortage> endsTooSoon(Workload workload) {
        return Reason.holdsNothing(workload.reason())
                ? Optional.empty()
                : funding.endsTooSoon(workload, runs.quote(workload));
    }

    private void giveUp(Workload workload, StopCause cause, String words) {
        workload.requestStop(cause, timing.now());
        if (workload.state() == State.QUEUED) {
            settlement.withoutSpending(workload, State.STOPPED, words, Caller.BURSAR);
        } else {
            workload.lookAgain(timing.now(), words);
        }
    }
}
