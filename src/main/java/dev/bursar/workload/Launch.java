package dev.bursar.workload;

import dev.bursar.aws.Refusal;
import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.workload.Intention.Intended;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
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
    private final Settlement settlement;
    private final Runs runs;
    private final Timing timing;
    private final TransactionTemplate transaction;

    Launch(
            Workloads workloads,
            Intention intention,
            Settlement settlement,
            Runs runs,
            Timing timing,
            TransactionTemplate transaction) {
        this.workloads = workloads;
        this.intention = intention;
        this.settlement = settlement;
        this.runs = runs;
        this.timing = timing;
        this.transaction = transaction;
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
                ? Optional.of("It waited in the queue for longer than is allowed; nothing was spent.")
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
        if (workload.unknownUntil() == null) {
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
            keepWaiting(claim, intent.shortage());
            return;
        }
        if (timing.now().isAfter(intent.sendableUntil())) {
            log.warn(
                    "{} is not sent: its claim is nearly over; it comes due again",
                    intent.run().name());
            return;
        }
        try {
            runs.driver(intent.run()).start(intent.run());
            if (!booked(intent, workload -> workload.accept(timing.now()))) {
                stopIfTooLate(intent.run());
            }
        } catch (SdkException e) {
            refused(intent, e);
        }
    }

    /** The process slept between intention and Create, and its work was given up in the meantime: nobody looks for it. */
    private void stopIfTooLate(Run<Spec> run) {
        if (workloads
                .findById(run.id().value())
                .filter(found -> found.state().isOver())
                .isPresent()) {
            log.error("{} was created after its workload had ended; it is stopped", run.name());
            runs.driver(run).stop(run);
        }
    }

    private void keepWaiting(Claim claim, Shortage shortage) {
        transaction.executeWithoutResult(status -> workloads.claimed(claim).ifPresent(workload -> {
            if (shortage.mayPass()) {
                var reason = shortage.why() == Shortage.Why.FROZEN ? Reason.FROZEN : Reason.BUDGET;
                workload.queue(reason, shortage.sentence(), timing.budgetRetry());
            } else {
                settlement.withoutSpending(workload, State.FAILED, shortage.sentence(), Caller.BURSAR);
            }
        }));
    }

    private void refused(Intended intent, SdkException e) {
        var refusal = Refusal.of(e);
        var words = words(e);
        log.info("SageMaker refused name={} refusal={} text={}", intent.run().name(), refusal, words);
        booked(intent, workload -> {
            switch (refusal) {
                case TAKEN -> workload.lookAgain(intent.unknownBefore() == null ? timing.now() : timing.nextLook());
                case UNKNOWN, NOT_FOUND, FINISHED ->
                    workload.lookAgain(
                            timing.nextLook(), "AWS did not answer whether it was started; it is looked for. " + words);
                case THROTTLED -> notCreated(intent, workload, Reason.RATE_LIMIT, "AWS wants fewer calls.");
                case DENIED -> notCreated(intent, workload, Reason.RATE_LIMIT, "AWS does not allow the call: " + words);
                case QUOTA -> notCreated(intent, workload, Reason.CONCURRENCY, words);
                case CAPACITY -> notCreated(intent, workload, Reason.CAPACITY, words);
                case NOT_YET_VISIBLE -> notCreated(intent, workload, Reason.CAPACITY, "Not visible yet: " + words);
                case QUOTA_TOO_SMALL, INVALID -> invalid(intent, workload, words);
            }
        });
    }

    /** Back to the queue. Only this answer is sure: if an earlier one was lost, the name stays under suspicion. */
    private void notCreated(Intended intent, Workload workload, Reason reason, String words) {
        workload.believeAbsenceFrom(intent.unknownBefore());
        if (workload.isStopRequested()) {
            workload.lookAgain(timing.now());
        } else {
            workload.queue(reason, words, timing.capacityRetry());
        }
    }

    /** Refused for good. An earlier Create whose answer was lost may have been accepted all the same: it is looked for. */
    private void invalid(Intended intent, Workload workload, String words) {
        if (intent.isAlone(timing.now())) {
            settlement.withoutSpending(workload, State.FAILED, "SageMaker refused it: " + words, Caller.BURSAR);
        } else {
            workload.believeAbsenceFrom(intent.unknownBefore());
            workload.lookAgain(timing.capacityRetry(), "SageMaker refused it: " + words);
        }
    }

    /** Books an answer, unless somebody else has moved on with the row, who will look for himself. */
    private boolean booked(Intended intent, Consumer<Workload> booking) {
        return Boolean.TRUE.equals(transaction.execute(status -> workloads
                .findById(intent.run().id().value())
                .filter(workload -> workload.state() == State.STARTING
                        && intent.run().name().equals(workload.sageMakerName())
                        && intent.sendableUntil().equals(workload.sendableUntil()))
                .map(workload -> {
                    booking.accept(workload);
                    return true;
                })
                .isPresent()));
    }

    private static String words(SdkException e) {
        if (!(e instanceof AwsServiceException service) || service.awsErrorDetails() == null) {
            return String.valueOf(e.getMessage());
        }
        // An answer that is no answer of AWS, such as a gateway's page, has no message.
        var said = service.awsErrorDetails().errorMessage();
        return said == null ? "It answered with HTTP " + service.statusCode() + "." : said;
    }
}
