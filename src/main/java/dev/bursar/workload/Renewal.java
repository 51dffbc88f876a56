package dev.bursar.workload;

import dev.bursar.budget.Holds;
import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.workload.PaidTimes.PaidTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps running work paid for. A lease is renewed while money lasts: what SageMaker says was used is charged, the next
 * stretch is held. When no money comes until only the margin is left, it is stopped, and the margin pays for that (rule
 * M6). What ends by itself, but later than its worst case says, gets more time in small steps (rule M4). It goes by time
 * alone and calls nobody, so it also works while AWS does not answer.
 */
@Component
class Renewal {

    private static final Logger log = LoggerFactory.getLogger(Renewal.class);

    private final PaidTimes paidTimes;
    private final Holds holds;
    private final Stopping stopping;
    private final Drivers drivers;
    private final Timing timing;
    private final LeaseSettings settings;
    private final TransactionTemplate transaction;

    Renewal(
            PaidTimes paidTimes,
            Holds holds,
            Stopping stopping,
            Drivers drivers,
            Timing timing,
            LeaseSettings settings,
            TransactionTemplate transaction) {
        this.paidTimes = paidTimes;
        this.holds = holds;
        this.stopping = stopping;
        this.drivers = drivers;
        this.timing = timing;
        this.settings = settings;
        this.transaction = transaction;
    }

    /** One that fails does not keep the others from being paid. */
    @Scheduled(fixedDelayString = "${bursar.workload.tick:PT0.25S}")
    void tick() {
        for (var due = paidTimes.due(timing.now()); !due.isEmpty(); due = paidTimes.due(timing.now())) {
            due.forEach(this::safely);
        }
    }

    private void safely(WorkloadId id) {
        try {
            attend(id);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            log.error("workload={} could not be paid further; it is tried again", id, e);
            paidTimes.postpone(id, timing.now().plus(settings.retry()));
        }
    }

    /** The stop is a transaction of its own, because it locks the workload; lost in between, it is ordered again. */
    private void attend(WorkloadId id) {
        var now = timing.now();
        var stop = transaction.execute(status -> paidTimes.locked(id, now).flatMap(this::renew));
        if (stop != null && stop.isPresent()) {
            stopping.stop(id, stop.get(), Caller.BURSAR);
        }
    }

    /** Answers why it must be stopped, if it must. */
    private Optional<StopCause> renew(PaidTime paid) {
        var quote = drivers.read(paid.quote(), Quote.class);
        var lease = paid.stopRequested() ? null : quote.lease();
        var dueAt = paid.paidUntil().minus(paidTimes.lead(quote, paid.stopRequested()));
        var windowEndsAt = lease == null ? Instant.MAX : windowEndsAt(paid);
        if (earlier(dueAt, windowEndsAt).isAfter(timing.now())) {
            paidTimes.move(paid.id(), paid.paidUntil(), earlier(dueAt, windowEndsAt));
            return Optional.empty();
        }
        return lease == null ? extend(paid, quote) : lease(paid, quote, windowEndsAt);
    }

    private Optional<StopCause> lease(PaidTime paid, Quote quote, Instant windowEndsAt) {
        var now = timing.now();
        var wanted = now.plus(Objects.requireNonNull(quote.lease()).next()).plus(quote.ending());
        var cap = untilItsMaxCost(paid, quote, wanted);
        var until = beforeItsBudgetEnds(paid, cap, windowEndsAt);
        var rolls = !windowEndsAt.isAfter(now);
        if (!isUnseen(paid) && (until.isAfter(paid.paidUntil()) || rolls)) {
            var next = rolls ? until : earlier(until.minus(paidTimes.lead(quote, false)), windowEndsAt);
            var shortage = hold(paid, quote, later(until, paid.paidUntil()), next, rolls);
            if (shortage.isEmpty()) {
                return Optional.empty();
            }
            holds.want(paid.holdId(), shortage.get());
        }
        var again = now.plus(settings.retry());
        var lastMoment = paid.paidUntil().minus(quote.ending());
        if (lastMoment.isAfter(now)) {
            paidTimes.move(paid.id(), paid.paidUntil(), earlier(again, lastMoment));
            return Optional.empty();
        }
        log.warn("workload={} its lease ends and cannot be renewed; it is stopped", paid.id());
        paidTimes.move(paid.id(), paid.paidUntil(), again);
        holds.wantNothing(paid.holdId());
        return Optional.of(cap.isBefore(wanted) ? StopCause.MAX_COST : StopCause.LEASE_END);
    }

    /** It can be looked at and not booked: what it costs is not known, so it is not paid further (rule M13). */
    private boolean isUnseen(PaidTime paid) {
        return paid.failingSince() != null
                && paid.failingSince().isBefore(timing.now().minus(settings.unseen()));
    }

    private Instant windowEndsAt(PaidTime paid) {
        return holds.paidForUpTo(paid.holdId()).orElse(Instant.MAX);
    }

    private Instant untilItsMaxCost(PaidTime paid, Quote quote, Instant wanted) {
        var most = drivers.readSpec(paid.spec()).maxCost();
        return most == null ? wanted : earlier(wanted, paid.paidFrom().plus(quote.lasting(most)));
    }

    /** A month ends and the next one pays on; a grant's end is the end (rule M8). */
    private Instant beforeItsBudgetEnds(PaidTime paid, Instant wanted, Instant windowEndsAt) {
        return holds.endsTooSoon(paid.holdId(), wanted).isPresent() ? earlier(wanted, windowEndsAt) : wanted;
    }

    /**
     * What is to end anyway is held for as long as it takes, while there is money. What SageMaker ends by itself and nobody
     * sees at the moment keeps its worst case and no more.
     */
    private Optional<StopCause> extend(PaidTime paid, Quote quote) {
        var again = timing.now().plus(settings.extension());
        if (quote.lease() == null && paid.seenAt().isBefore(timing.now().minus(settings.extension()))) {
            paidTimes.move(paid.id(), paid.paidUntil(), again);
            return Optional.empty();
        }
        var until = later(paid.paidUntil(), timing.now()).plus(settings.extension());
        hold(paid, quote, until, until.minus(settings.extendAhead()), false).ifPresent(why -> {
            log.error("workload={} runs longer than its hold pays for: {}", paid.id(), why.sentence());
            paidTimes.move(paid.id(), paid.paidUntil(), again);
        });
        return Optional.empty();
    }

    /** The time first, the money last. */
    private Optional<Shortage> hold(PaidTime paid, Quote quote, Instant until, Instant next, boolean rolls) {
        var charged = quote.lease() == null ? Money.ZERO : quote.cost(paid.used());
        var covered = quote.covering(Duration.between(paid.paidFrom(), until));
        var held = covered.isMoreThan(charged) ? covered.minus(charged) : Money.ZERO;
        paidTimes.move(paid.id(), until, next);
        return rolls
                ? holds.roll(paid.holdId(), charged, held, Caller.BURSAR)
                : holds.renew(paid.holdId(), charged, held, Caller.BURSAR);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
