package dev.bursar.workload;

import dev.bursar.aws.AwsAccounts;
import dev.bursar.core.Caller;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import dev.bursar.workload.Feeds.Turn;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What SageMaker has under our names and nobody here expects. Work that no row knows, because an older backup was
 * restored, is taken in and charged. What was created after its workload had been given up is stopped and charged.
 */
@Component
class Orphans {

    private static final Logger log = LoggerFactory.getLogger(Orphans.class);

    private final Workloads workloads;
    private final Drivers drivers;
    private final AwsAccounts accounts;
    private final Funding funding;
    private final Events events;
    private final Runs runs;
    private final Timing timing;
    private final MeterRegistry meters;
    private final TransactionTemplate transaction;

    Orphans(
            Workloads workloads,
            Drivers drivers,
            AwsAccounts accounts,
            Funding funding,
            Events events,
            Runs runs,
            Timing timing,
            MeterRegistry meters,
            TransactionTemplate transaction) {
        this.workloads = workloads;
        this.drivers = drivers;
        this.accounts = accounts;
        this.funding = funding;
        this.events = events;
        this.runs = runs;
        this.timing = timing;
        this.meters = meters;
        this.transaction = transaction;
    }

    /** Has a job that should not exist stopped and paid. */
    void reopen(String id) {
        transaction.executeWithoutResult(status -> workloads.lockedStray(id).ifPresent(workload -> {
            log.error("workload={} exists in SageMaker although it was given up; it is stopped and paid", id);
            workload.reopen(timing.now(), timing.absenceBelievableFrom());
            tell("workload.reopened", workload, "created after it had been given up");
        }));
    }

    /** Takes in what no row knows. Not an earlier attempt of known work: that one had ended, unbilled. */
    void take(Turn turn, String name) {
        var attempt = AttemptName.of(name);
        if (attempt.isEmpty() || !runs.mayTouch()) {
            return;
        }
        var known = workloads.findById(attempt.get().id().value());
        if (known.isPresent() && !known.get().attempt().comesBefore(attempt.get())) {
            return;
        }
        var account = accounts.of(turn.awsAccountId());
        try {
            drivers.ofKind(turn.kind()).find(account, name).ifPresent(found -> {
                if (known.isPresent()) {
                    takeBack(attempt.get(), found.outputUri());
                } else {
                    takeIn(turn, attempt.get(), found);
                }
            });
        } catch (SdkException e) {
            throw e;
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            meters.counter("bursar.orphans", "type", "left-alone").increment();
            log.error(
                    "{} is ours and unknown to this database, but cannot be taken in: look after it by hand", name, e);
        }
    }

    private <S extends Spec> void takeIn(Turn turn, AttemptName attempt, Driver.Found<S> found) {
        var lab = attempt.labIn(found.outputUri());
        var quote = lab.map(known -> drivers.of(found.spec()).quote(found.spec(), known));
        if (quote.isEmpty()) {
            log.error("{} is ours by its name, but not by its output {}: it is left alone", attempt, found.outputUri());
            return;
        }
        var request = new Admission.Request(found.spec(), quote.get(), turn.kind(), lab.get());
        transaction.executeWithoutResult(status -> {
            var workload = runs.found(request, attempt, turn.awsAccountId(), timing.now());
            if (!funding.canBook(request, workload.origin().member())) {
                log.error("{} runs for lab {}, which has no budget that could be charged", attempt, lab.get());
                return;
            }
            workloads.saveAndFlush(workload);
            tell("workload.imported", workload, "found in SageMaker, unknown to this database");
            log.error("{} was unknown to this database; it is taken in and charged", attempt);
            funding.holdRunning(workload, quote.get(), Caller.BURSAR)
                    .ifPresent(shortage -> log.error("{} holds nothing: {}", attempt, shortage.sentence()));
        });
    }

    /**
     * A later attempt of known work than its row knows of, because an older backup was restored. Attempts begin only when
     * the one before has ended unbilled, so the row goes on with it: over or told to stop, it is stopped and paid. A row
     * that is busy with an earlier attempt is looked at first, and learns then that it is over.
     */
    private void takeBack(AttemptName attempt, String outputUri) {
        transaction.executeWithoutResult(status -> {
            var workload = workloads.locked(attempt.id().value()).orElseThrow();
            if (!attempt.labIn(outputUri).equals(Optional.of(workload.origin().lab()))) {
                log.error("{} is ours by its name, but not by its output {}: it is left alone", attempt, outputUri);
                return;
            }
            log.error("{} is an attempt of known work that this database does not know", attempt);
            tell(
                    "workload.attempt-found",
                    workload,
                    "an attempt was found in SageMaker that this database did not know");
            if (workload.isSettled()) {
                workload.attempt().found(attempt);
                workload.reopen(timing.now(), timing.absenceBelievableFrom());
            } else if (workload.state() == State.QUEUED) {
                workload.attempt().found(attempt);
                workload.lookFirst(timing.now());
                workload.accept(timing.now());
                workloads.saveAndFlush(workload);
                funding.holdRunning(workload, runs.quote(workload), Caller.BURSAR)
                        .ifPresent(shortage -> log.error("{} holds nothing: {}", attempt, shortage.sentence()));
            } else {
                workload.lookAgain(timing.now());
            }
        });
    }

    private void tell(String type, Workload workload, String why) {
        meters.counter("bursar.orphans", "type", type).increment();
        events.append(
                Fact.of(type, workload.origin().lab(), workload.id().value(), Map.of("message", why)), Caller.BURSAR);
    }

    /** Reads a SageMaker name of ours back (rule N1). */
    record AttemptName(String installation, WorkloadId id, int number) {

        private static final java.util.regex.Pattern NAME =
                java.util.regex.Pattern.compile("([a-z0-9]{6})-([0-9a-hjkmnp-tv-z]{16})-([1-9][0-9]?)");

        static Optional<AttemptName> of(String name) {
            var parts = NAME.matcher(name);
            return parts.matches()
                    ? Optional.of(new AttemptName(
                            parts.group(1), new WorkloadId(parts.group(2)), Integer.parseInt(parts.group(3))))
                    : Optional.empty();
        }

        /** The lab in whose part of a bucket its results go; its identity is in there, too (rule N3). */
        Optional<dev.bursar.core.LabId> labIn(String outputUri) {
            var parts = java.util.regex.Pattern.compile(
                            "/labs/([a-z0-9-]{1,40})/results/%s/%s/%d/?$".formatted(installation, id, number))
                    .matcher(outputUri);
            return parts.find() ? Optional.of(new dev.bursar.core.LabId(parts.group(1))) : Optional.empty();
        }

        @Override
        public String toString() {
            return "%s-%s-%d".formatted(installation, id, number);
        }
    }
}
