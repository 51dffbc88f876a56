package dev.bursar.workload;

import dev.bursar.core.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Brings what SageMaker says into the books: state, money, event and the next look, in one transaction. */
@Component
class Booking {

    private static final Logger log = LoggerFactory.getLogger(Booking.class);

    /** Names have room for two digits. */
    private static final int LAST_ATTEMPT = 99;

    private final Workloads workloads;
    private final Settlement settlement;
    private final PaidTimes paidTimes;
    private final Runs runs;
    private final Timing timing;

    Booking(Workloads workloads, Settlement settlement, PaidTimes paidTimes, Runs runs, Timing timing) {
        this.workloads = workloads;
        this.settlement = settlement;
        this.paidTimes = paidTimes;
        this.runs = runs;
        this.timing = timing;
    }

    /** The call to AWS that a booking leaves to be made. */
    enum Duty {
        NOTHING,
        START,
        STOP
    }

    /** What there is to look at; empty if the claim was lost. */
    @Transactional(readOnly = true)
    Optional<Runs.Due> due(Claim claim) {
        return workloads.claimed(claim).map(runs::due);
    }

    /** Books one look; if the claim was lost in the meantime, everything is dropped. */
    @Transactional
    Duty book(Claim claim, Optional<Observation> seen) {
        return workloads
                .claimed(claim)
                .map(workload ->
                        seen.map(observation -> present(workload, observation)).orElseGet(() -> absent(workload)))
                .orElse(Duty.NOTHING);
    }

    /** AWS did not say; the row is looked at again. */
    @Transactional
    void unseen(Claim claim, String words) {
        workloads.claimed(claim).ifPresent(workload -> {
            workload.lookAgain(timing.nextLook(), words);
        });
    }

    /** AWS was not asked, because no call was left. */
    @Transactional
    void postponed(Claim claim, Instant until) {
        workloads.claimed(claim).ifPresent(workload -> workload.lookAgain(until));
    }

    /** AWS did not take the stop; it is sent again after the next look. */
    @Transactional
    void unstopped(WorkloadId id, Instant again, String words) {
        workloads
                .locked(id.value())
                .filter(workload ->
                        workload.state() == State.STOPPING || workload.state().isOver())
                .ifPresent(workload -> workload.lookAgain(again, words));
    }

    private Duty present(Workload workload, Observation seen) {
        if (!seen.ours()) {
            foreign(workload);
            return Duty.NOTHING;
        }
        if (seen.unbilledRetry() && mayTryAgain(workload)) {
            workload.tryAgain(String.valueOf(seen.failure()), timing.capacityRetry());
            paidTimes.end(workload.id());
            settlement.tell(workload, String.valueOf(seen.failure()), Caller.BURSAR);
            return Duty.NOTHING;
        }
        if (workload.state().isOver() && !seen.state().isOver()) {
            workload.lookAgain(timing.nextLook());
            return Duty.STOP;
        }
        var before = workload.state();
        workload.see(seen, runs.outcome(seen), timing.now());
        if (workload.state() != before) {
            settlement.tell(workload, seen.failure() == null ? seen.secondaryStatus() : seen.failure(), Caller.BURSAR);
            log.info(
                    "workload={} name={} {} -> {}",
                    workload.id(),
                    workload.attempt().sageMakerName(),
                    before,
                    workload.state());
        }
        if (!workload.state().isOver()) {
            paidTimes.see(workload.id(), runs.quote(workload), seen);
            workload.lookAgain(nextLook(workload));
            return workload.state() == State.STOPPING && !State.STOPPING.equals(seen.state())
                    ? Duty.STOP
                    : Duty.NOTHING;
        }
        payWhenFinal(workload, seen);
        return Duty.NOTHING;
    }

    private void foreign(Workload workload) {
        log.error(
                "the name {} belongs to somebody else's job", workload.attempt().sageMakerName());
        workload.attempt().isForeign(timing.now());
        settlement.withoutSpending(
                workload, State.FAILED, "SageMaker has somebody else's job under this name.", Caller.BURSAR);
    }

    private Instant nextLook(Workload workload) {
        var startedAt = workload.startedAt();
        var limit = runs.quote(workload).limit();
        if (workload.state() != State.IN_PROGRESS) {
            return timing.nextLook();
        }
        return timing.nextLook(startedAt == null || limit == null ? null : startedAt.plus(limit));
    }

    private static boolean mayTryAgain(Workload workload) {
        return workload.attempt().number() < LAST_ATTEMPT
                && !workload.isStopRequested()
                && workload.state() != State.STOPPING;
    }

    private void payWhenFinal(Workload workload, Observation seen) {
        if (seen.usage().isFinal() || timing.isBillOverdue(endedAt(workload))) {
            settlement.pay(workload, runs.quote(workload), seen.usage().instanceTime(), "billed by SageMaker");
        } else {
            workload.lookAgain(timing.nextLook());
        }
    }

    private Duty absent(Workload workload) {
        if (workload.seenAt() == null) {
            return neverSeen(workload);
        }
        if (!timing.isGoneForGood(workload)) {
            workload.lookAgain(timing.nextLook(), "SageMaker does not find it at the moment; it is asked again.");
            return Duty.NOTHING;
        }
        vanished(workload);
        return Duty.NOTHING;
    }

    private Duty neverSeen(Workload workload) {
        if (!workload.isStopRequested() && !workload.state().isOver()) {
            return Duty.START;
        }
        if (workload.state().isOver() && timing.isAbsenceBelievable(workload)) {
            settlement.pay(workload, runs.quote(workload), Duration.ZERO, "it does not exist");
        } else if (timing.isAbsenceBelievable(workload)) {
            settlement.withoutSpending(
                    workload, State.STOPPED, "Stopped before it was started; nothing was spent.", Caller.BURSAR);
        } else {
            workload.lookAgain(timing.nextLook());
        }
        return Duty.NOTHING;
    }

    /** Somebody deleted it: charged from its start to its end or, where that is not known, to when it was last seen. */
    private void vanished(Workload workload) {
        log.error(
                "workload={} name={} has vanished from SageMaker; it is charged by estimate",
                workload.id(),
                workload.attempt().sageMakerName());
        var quote = runs.quote(workload);
        var billed = between(workload.startedAt(), lastKnown(workload)).multipliedBy(quote.instances());
        if (!workload.state().isOver()) {
            workload.end(State.FAILED, "It vanished from SageMaker; its cost is ESTIMATED.", timing.now());
            settlement.tell(workload, "vanished", Caller.BURSAR);
        }
        settlement.pay(workload, quote, billed, "ESTIMATED: it vanished from SageMaker");
    }

    private static @Nullable Instant lastKnown(Workload workload) {
        return workload.endedAt() == null ? workload.seenAt() : workload.endedAt();
    }

    private Instant endedAt(Workload workload) {
        var ended = workload.endedAt();
        return ended == null ? timing.now() : ended;
    }

    private static Duration between(@Nullable Instant start, @Nullable Instant end) {
        return start == null || end == null || end.isBefore(start) ? Duration.ZERO : Duration.between(start, end);
    }
}
