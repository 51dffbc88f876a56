package dev.bursar.workload;

import dev.bursar.aws.NoCallLeft;
import dev.bursar.web.Problem;
import dev.bursar.workload.Driver.Create;
import dev.bursar.workload.Intention.Intended;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Starts one workload in SageMaker, exactly once for each attempt. Intend (committed), make ready and
 * send (no transaction), book the answer. Where no answer comes, nothing is booked: the row comes due and a look decides whether it exists. A second
 * Create of the same attempt carries the same name, so SageMaker itself refuses to make it twice.
 */
@Component
class Launch {

    private static final Logger log = LoggerFactory.getLogger(Launch.class);

    private final Workloads workloads;
    private final Clearance clearance;
    private final Intention intention;
    private final Answers answers;
    private final Runs runs;
    private final Timing timing;
    private final Setbacks setbacks;
    private final TransactionTemplate transaction;
    private final Pace pace = new Pace();

    Launch(
            Workloads workloads,
            Clearance clearance,
            Intention intention,
            Answers answers,
            Runs runs,
            Timing timing,
            Setbacks setbacks,
            TransactionTemplate transaction) {
        this.workloads = workloads;
        this.clearance = clearance;
        this.intention = intention;
        this.answers = answers;
        this.runs = runs;
        this.timing = timing;
        this.setbacks = setbacks;
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
                .filter(workload -> workload.state() == State.QUEUED && !workload.isStopRequested())
                .filter(this::needsNoLookFirst)
                .filter(clearance::isGiven)
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
                .filter(clearance::isGiven)
                .map(intention::intend));
        send(claim, Optional.ofNullable(intended).flatMap(found -> found));
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
        ready(intent).ifPresent(create -> send(intent, create));
    }

    /** Empty if it could not be made ready; then nobody was asked, and nothing was created. */
    private Optional<Create> ready(Intended intent) {
        try {
            return Optional.of(runs.driver(intent.run()).ready(intent.run()));
        } catch (NoCallLeft e) {
            pause(intent, e);
        } catch (SdkException e) {
            answers.unready(intent, e);
        } catch (Problem e) {
            if (e.mayPass()) {
                setbacks.noteUnsent(intent, e);
            } else {
                answers.unmakeable(intent, String.valueOf(e.getBody().getDetail()));
            }
        } catch (IllegalArgumentException e) {
            log.error("{} can never be asked for", intent.name(), e);
            answers.unmakeable(intent, String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            setbacks.noteUnsent(intent, e);
        }
        return Optional.empty();
    }

    private void send(Intended intent, Create create) {
        if (timing.now().isAfter(intent.sendableUntil())) {
            log.warn("{} is not sent: its claim is nearly over; it comes due again", intent.name());
            return;
        }
        var frozen = clearance.isFrozenMeanwhile(intent.run().lab());
        if (frozen.isPresent()) {
            answers.withheld(intent, frozen.get());
            return;
        }
        try {
            create.send();
            answers.accepted(intent);
        } catch (NoCallLeft e) {
            pause(intent, e);
        } catch (SdkException e) {
            answers.refused(intent, e);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            setbacks.note(intent, e);
        }
    }

    private void pause(Intended intent, NoCallLeft e) {
        var until = pace.pause(intent.run(), runs.driver(intent.run()).kind(), e, timing.now());
        answers.unsent(intent, until);
    }
}
