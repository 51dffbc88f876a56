package dev.bursar.workload;

import dev.bursar.aws.Refusal;
import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.core.StorableText;
import dev.bursar.workload.Intention.Intended;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Books what came of a start: what SageMaker answered to a Create, or why none was sent. */
@Component
@Transactional
class Answers {

    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    private final Workloads workloads;
    private final PaidTimes paidTimes;
    private final Settlement settlement;
    private final Timing timing;

    Answers(Workloads workloads, PaidTimes paidTimes, Settlement settlement, Timing timing) {
        this.workloads = workloads;
        this.paidTimes = paidTimes;
        this.settlement = settlement;
        this.timing = timing;
    }

    /** It exists. */
    void accepted(Intended intent) {
        if (!book(intent, workload -> workload.accept(timing.now()))) {
            workloads.lockedStray(intent.run().id().value()).ifPresent(workload -> {
                log.error("{} was created after its workload had ended; it is stopped and paid", intent.name());
                workload.reopen(timing.now(), timing.absenceBelievableFrom());
            });
        }
    }

    /** Its money is not there. */
    void unpaid(Claim claim, Shortage shortage) {
        workloads.claimed(claim).ifPresent(workload -> {
            if (shortage.mayPass()) {
                workload.queue(shortage, timing.budgetRetry());
            } else {
                settlement.withoutSpending(workload, State.FAILED, shortage.sentence(), Caller.BURSAR);
            }
        });
    }

    /** Surely not created: nobody was asked. It is its turn again when a call is expected to be left. */
    void unsent(Intended intent, Instant until) {
        book(
                intent,
                workload -> notCreated(
                        intent,
                        workload,
                        Reason.RATE_LIMIT,
                        "It is started as soon as AWS takes another call.",
                        until));
    }

    /** Surely not created: its lab was frozen after the intent, and so it was not sent. */
    void withheld(Intended intent, String words) {
        book(intent, workload -> notCreated(intent, workload, null, words, timing.budgetRetry()));
    }

    /** Surely not created, and never will be: it cannot be said in SageMaker's words. */
    void unmakeable(Intended intent, String words) {
        book(
                intent,
                workload ->
                        invalid(intent, workload, "It cannot be asked of SageMaker: " + StorableText.of(words, 4_000)));
    }

    /** Surely not created: AWS did not give what the Create needs, such as a script. */
    void unready(Intended intent, SdkException e) {
        switch (Refusal.of(e)) {
            case UNKNOWN, NOT_FOUND, FINISHED, TAKEN -> {
                var words = "It could not be made ready; that is tried again. " + words(e);
                book(intent, workload -> notCreated(intent, workload, null, words, timing.capacityRetry()));
            }
            case THROTTLED, DENIED, QUOTA, CAPACITY, NOT_YET_VISIBLE, QUOTA_TOO_SMALL, INVALID -> refused(intent, e);
        }
    }

    void refused(Intended intent, SdkException e) {
        var refusal = Refusal.of(e);
        var words = words(e);
        log.info("SageMaker refused name={} refusal={} text={}", intent.name(), refusal, words);
        book(intent, workload -> {
            switch (refusal) {
                case TAKEN -> workload.lookAgain(intent.unknownBefore() == null ? timing.now() : timing.nextLook());
                case UNKNOWN, NOT_FOUND, FINISHED ->
                    workload.lookAgain(
                            timing.nextLook(), "AWS did not answer whether it was started; it is looked for. " + words);
                case THROTTLED -> notCreated(intent, workload, Reason.RATE_LIMIT, "AWS wants fewer calls.");
                case DENIED -> notCreated(intent, workload, Reason.DENIED, "AWS does not allow the call: " + words);
                case QUOTA -> notCreated(intent, workload, Reason.CONCURRENCY, words);
                case CAPACITY -> notCreated(intent, workload, Reason.CAPACITY, words);
                case NOT_YET_VISIBLE -> notYetVisible(intent, workload, words);
                case QUOTA_TOO_SMALL, INVALID -> refusedForGood(intent, workload, words);
            }
        });
    }

    /** What was just made elsewhere in AWS, such as a role, may take minutes to be seen everywhere (rule C3). */
    private void notYetVisible(Intended intent, Workload workload, String words) {
        if (workload.attempt().hasBeenInvisible(timing.now(), timing.visibilityPatience())) {
            refusedForGood(intent, workload, words);
        } else {
            notCreated(intent, workload, Reason.CAPACITY, "Not visible yet: " + words);
        }
    }

    private void notCreated(Intended intent, Workload workload, Reason reason, String words) {
        notCreated(intent, workload, reason, words, timing.capacityRetry());
    }

    /** Back to the queue. Only this answer is sure: if an earlier one was lost, the name stays under suspicion. */
    private void notCreated(Intended intent, Workload workload, @Nullable Reason reason, String words, Instant again) {
        workload.attempt().believeAbsenceFrom(intent.unknownBefore());
        if (workload.isStopRequested()) {
            workload.lookAgain(timing.now());
        } else {
            workload.queue(reason, words, again);
        }
        if (intent.unknownBefore() == null) {
            paidTimes.end(workload.id());
        }
    }

    private void refusedForGood(Intended intent, Workload workload, String words) {
        invalid(intent, workload, "SageMaker refused it: " + words);
    }

    /** Never to be created. An earlier Create whose answer was lost may have been accepted all the same: it is looked for. */
    private void invalid(Intended intent, Workload workload, String words) {
        if (intent.isAlone(timing.now())) {
            settlement.withoutSpending(workload, State.FAILED, words, Caller.BURSAR);
        } else {
            workload.attempt().believeAbsenceFrom(intent.unknownBefore());
            workload.lookAgain(timing.capacityRetry(), words);
        }
    }

    /** Books an answer, unless somebody else has moved on with the row, who will look for himself. */
    private boolean book(Intended intent, Consumer<Workload> booking) {
        return workloads
                .locked(intent.run().id().value())
                .filter(workload -> workload.state() == State.STARTING
                        && intent.name().equals(workload.attempt().sageMakerName())
                        && intent.sendableUntil().equals(workload.attempt().sendableUntil()))
                .map(workload -> {
                    booking.accept(workload);
                    return true;
                })
                .isPresent();
    }

    /** They quote what was asked, and whatever stands between us and AWS. */
    private static String words(SdkException e) {
        return StorableText.of(said(e), 4_000);
    }

    private static String said(SdkException e) {
        if (!(e instanceof AwsServiceException service) || service.awsErrorDetails() == null) {
            return String.valueOf(e.getMessage());
        }
        // An answer that is no answer of AWS, such as a gateway's page, has no message.
        var said = service.awsErrorDetails().errorMessage();
        return said == null ? "It answered with HTTP " + service.statusCode() + "." : said;
    }
}
