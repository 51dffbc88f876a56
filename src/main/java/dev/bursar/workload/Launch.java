package dev.bursar.workload;

import dev.bursar.aws.NoCallLeft;
import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.workload.Intention.Intended;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Starts one workload in SageMaker, exactly once for each attempt. Intend (committed), send (no transaction), book the
 * answer. Where no answer comes, nothing is booked: the row comes due and a look decides whether it exists. A second
 * Create of the same attempt carries the same name, so SageMaker itself refuses to make it twice.
 */
@Component
class Launch {

    private static final Logger log = LoggerFactory.getLogger(Launch.class);

    private final Workloads workloads;
    private final Intention intention;
    private final Answers answers;
    private final Settlement settlement;
    private final Runs runs;
    private final Timing timing;
    private final TransactionTemplate transaction;
    private final Pace pace = new Pace();

    Launch(
            Workloads workloads,
            Intention intention,
            Answers answers,
            Settlement settlement,
            Runs runs,
            Timing timing,
            TransactionTemplate transaction) {
        this.workloads = workloads;
        this.intention = intention;
        this.answers = answers;
        this.settlement = settlement;
        this.runs = runs;
        this.timing = timing;
        this.transaction = transaction;
    }

    /** Whose Creates are used up for the moment. */
    Pace pace() {
        return pace;
    }

    /** From the queue, in its turn. */
    void dispatch(Claim claim) {
        var intended = transaction.execute(status -> workloads
                .claimed(claim)
                .filter(workload -> workload.state() == State.QUEUED)
                .filter(this::mayStillStart)
                .filter(this::needsNoLookFirst)
                .map(workload -> {
                    var intent = intention.intend(workload);
                    if (intent.shortage() != null) {
                        status.setRollbackOnly();
                    }
                    return intent;
                }));
        send(claim, Optional.ofNullable(intended).flatMap(found -> found));
    }

    /** Once more, after a look that found nothing under the name of the present attempt. */
    void again(Claim claim) {
        var intended = transaction.execute(status -> workloads
                .claimed(claim)
                .filter(workload -> workload.state() == State.STARTING && !workload.isStopRequested())
                .filter(this::mayStillStart)
                .map(intention::intend));
        send(claim, Optional.ofNullable(intended).flatMap(found -> found));
    }

    /** Nothing waits for ever, and nothing starts that its budget may not see the end of (rules M8, M10). */
    private boolean mayStillStart(Workload workload) {
        var tooLate = timing.hasWaitedTooLong(workload)
                ? Optional.ofNullable(StopCause.WAITED_TOO_LONG.sentence())
                : intention.endsTooSoon(workload).map(Shortage::sentence);
        tooLate.ifPresent(words -> {
            workload.requestStop(StopCause.WAITED_TOO_LONG, timing.now());
            if (workload.state() == State.QUEUED) {
                settlement.withoutSpending(workload, State.STOPPED, words, Caller.BURSAR);
            } else {
                workload.lookAgain(timing.now(), words);
            }
        });
        return tooLate.isEmpty();
    }

    /** Rule N4: where a Create may have been heard, a look comes before the next one. */
    private boolean needsNoLookFirst(Workload workload) {
        if (!workload.attempt().isUnknown()) {
            return true;
        }
        workload.lookFirst(timing.now());
        return false;
    }

    private void send(Claim claim, Optional<Intended> intended) {
        if (intended.isEmpty()) {
            return;
        }
        var intent = intended.get();
        if (intent.shortage() != null) {
            answers.unpaid(claim, intent.shortage());
            return;
        }
        if (timing.now().isAfter(intent.sendableUntil())) {
            log.warn("{} is not sent: its claim is nearly over; it comes due again", intent.name());
            return;
        }
        try {
            runs.driver(intent.run()).start(intent.run());
            answers.accepted(intent);
        } catch (NoCallLeft e) {
            var until = pace.pause(intent.run(), runs.driver(intent.run()).kind(), e, timing.now());
            answers.unsent(intent, until);
        } catch (SdkException e) {
            answers.refused(intent, e);
        }
    }
}
