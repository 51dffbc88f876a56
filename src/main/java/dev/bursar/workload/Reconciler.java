package dev.bursar.workload;

import dev.bursar.aws.NoCallLeft;
import dev.bursar.aws.Refusal;
import dev.bursar.workload.Booking.Duty;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Brings what SageMaker says into PostgreSQL: look (no transaction), book (one transaction), act (no transaction). It
 * works from state, not from messages, so every step may be repeated and nothing that was missed stays missed.
 */
@Component
class Reconciler {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final int BATCH = 20;

    private final Claims claims;
    private final Workloads workloads;
    private final Booking booking;
    private final Launch launch;
    private final Runs runs;
    private final Timing timing;
    private final MeterAge meter;
    private final TransactionTemplate transaction;
    private final Pace pace = new Pace();
    private final Round round;

    Reconciler(
            Claims claims,
            Workloads workloads,
            Booking booking,
            Launch launch,
            Runs runs,
            Timing timing,
            MeterAge meter,
            TransactionTemplate transaction) {
        this.claims = claims;
        this.workloads = workloads;
        this.booking = booking;
        this.launch = launch;
        this.runs = runs;
        this.timing = timing;
        this.meter = meter;
        this.transaction = transaction;
        this.round = new Round(claims, timing, pace);
    }

    @Scheduled(fixedDelayString = "${bursar.workload.tick:PT0.25S}")
    void tick() {
        for (var due = claim(); !due.isEmpty(); due = claim()) {
            round.work(due, this::attend);
        }
    }

    @EventListener
    void end(ContextClosedEvent closed) {
        round.end();
    }

    private List<Claim> claim() {
        if (round.isEnding()) {
            return List.of();
        }
        var now = timing.now();
        return claims.due(now, BATCH, pace.paused(now));
    }

    void attend(Claim claim) {
        var found = run(claim);
        if (found.isEmpty()) {
            return;
        }
        var run = found.get();
        Optional<Observation> seen;
        try {
            seen = runs.driver(run).look(run);
            meter.read(timing.now());
        } catch (NoCallLeft e) {
            booking.postponed(claim, pace.pause(run, runs.driver(run).kind(), e, timing.now()));
            return;
        } catch (SdkException e) {
            booking.unseen(claim, "AWS does not say how it is (" + Refusal.of(e) + "); it is asked again.");
            return;
        }
        act(booking.book(claim, seen), claim, run);
    }

    private void act(Duty duty, Claim claim, Run<Spec> run) {
        if (!runs.mayTouch()) {
            return;
        }
        switch (duty) {
            case NOTHING -> {}
            case START -> startAgain(claim);
            case STOP -> stop(run);
        }
    }

    /** A Create whose answer was lost is new work too, as long as nobody has seen what it made. */
    private void startAgain(Claim claim) {
        if (meter.isFresh()) {
            launch.again(claim);
        } else {
            booking.postponed(claim, timing.nextLook());
        }
    }

    /** A refused or lost stop is sent again after the next look. */
    private void stop(Run<Spec> run) {
        try {
            runs.driver(run).stop(run);
        } catch (NoCallLeft e) {
            booking.unstopped(
                    run.id(), timing.now().plus(e.waitFor()), "Its stop is sent as soon as AWS takes another call.");
        } catch (SdkException e) {
            log.warn("stop of {} was not accepted ({}); it is repeated", run.name(), Refusal.of(e));
            booking.unstopped(
                    run.id(),
                    timing.nextLook(),
                    "AWS did not take the stop (" + Refusal.of(e) + "); it is sent again.");
        }
    }

    private Optional<Run<Spec>> run(Claim claim) {
        var found = transaction.execute(status -> workloads.claimed(claim).map(runs::of));
        return Optional.ofNullable(found).flatMap(run -> run);
    }
}
