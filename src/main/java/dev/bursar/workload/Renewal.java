package dev.bursar.workload;

import dev.bursar.budget.HoldId;
import dev.bursar.budget.Holds;
import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.workload.Stretches.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

    private final Stretches stretches;
    private final Holds holds;
    private final Stopping stopping;
    private final Drivers drivers;
    private final Timing timing;
    private final LeaseSettings settings;
    private final TransactionTemplate transaction;

    Renewal(
            Stretches stretches,
            Holds holds,
            Stopping stopping,
            Drivers drivers,
            Timing timing,
            LeaseSettings settings,
            TransactionTemplate transaction) {
        this.stretches = stretches;
        this.holds = holds;
        this.stopping = stopping;
        this.drivers = drivers;
        this.timing = timing;
        this.settings = settings;
        this.transaction = transaction;
    }

    /** What came of one. */
    private record Turn(WorkloadId id, @Nullable StopCause stop) {}

    @Scheduled(fixedDelayString = "${bursar.workload.tick:PT0.25S}")
    void tick() {
        for (var turn = next(); turn.isPresent(); turn = next()) {
            var cause = turn.get().stop();
            if (cause != null) {
                stopping.stop(turn.get().id(), cause, Caller.BURSAR);
            }
        }
    }

    private Optional<Turn> next() {
        var turn = transaction.execute(status -> stretches.due(timing.now()).map(this::renew));
        return turn == null ? Optional.empty() : turn;
    }

    private Turn renew(Stretch stretch) {
        var quote = drivers.read(stretch.quote(), Quote.class);
        var lead = stretches.lead(quote, stretch.stopRequested());
        var stopAt = stretch.paidUntil().minus(lead);
        if (stopAt.isAfter(timing.now())) {
            stretches.move(stretch.id(), stretch.paidUntil(), stopAt);
            return new Turn(stretch.id(), null);
        }
        return quote.lease() == null || stretch.stopRequested()
                ? extend(stretch, quote)
                : lease(stretch, quote, quote.lease());
    }

    private Turn lease(Stretch stretch, Quote quote, Lease lease) {
        var now = timing.now();
        var wanted = now.plus(lease.next()).plus(quote.ending());
        var affordable = untilItsMaxCost(stretch, quote, wanted);
        if (affordable.isAfter(stretch.paidUntil())
                && hold(stretch, quote, affordable).isEmpty()) {
            return new Turn(stretch.id(), null);
        }
        var lastMoment = stretch.paidUntil().minus(quote.ending());
        if (lastMoment.isAfter(now)) {
            stretches.move(stretch.id(), stretch.paidUntil(), earlier(now.plus(settings.retry()), lastMoment));
            return new Turn(stretch.id(), null);
        }
        log.warn("workload={} its lease ends and cannot be renewed; it is stopped", stretch.id());
        stretches.move(
                stretch.id(),
                stretch.paidUntil(),
                later(now, stretch.paidUntil().minus(settings.extendAhead())));
        return new Turn(stretch.id(), affordable.isBefore(wanted) ? StopCause.MAX_COST : StopCause.LEASE_END);
    }

    private Instant untilItsMaxCost(Stretch stretch, Quote quote, Instant wanted) {
        var most = drivers.readSpec(stretch.spec()).maxCost();
        return most == null ? wanted : earlier(wanted, stretch.paidFrom().plus(quote.lasting(most)));
    }

    /**
     * What is to end anyway is held for as long as it takes, while there is money. What SageMaker ends by itself and nobody
     * sees at the moment keeps its worst case and no more.
     */
    private Turn extend(Stretch stretch, Quote quote) {
        var unseen = stretch.seenAt().isBefore(timing.now().minus(settings.extension()));
        if (quote.lease() == null && unseen) {
            stretches.move(stretch.id(), stretch.paidUntil(), timing.now().plus(settings.extension()));
            return new Turn(stretch.id(), null);
        }
        var shortage =
                hold(stretch, quote, later(stretch.paidUntil(), timing.now()).plus(settings.extension()));
        shortage.ifPresent(why -> {
            log.error("workload={} runs longer than its hold pays for: {}", stretch.id(), why.sentence());
            stretches.move(stretch.id(), stretch.paidUntil(), timing.now().plus(settings.extension()));
        });
        return new Turn(stretch.id(), null);
    }

    /** The stretch first, the money last. */
    private Optional<Shortage> hold(Stretch stretch, Quote quote, Instant until) {
        var charged = quote.lease() == null ? Money.ZERO : quote.cost(stretch.used());
        var covered = quote.covering(Duration.between(stretch.paidFrom(), until));
        var held = covered.isMoreThan(charged) ? covered.minus(charged) : Money.ZERO;
        stretches.move(stretch.id(), until, until.minus(stretches.lead(quote, stretch.stopRequested())));
        var shortage = holds.renew(new HoldId(stretch.id().value()), charged, held, Caller.BURSAR);
        if (shortage.isPresent()) {
            stretches.move(stretch.id(), stretch.paidUntil(), timing.now());
        }
        return shortage;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
