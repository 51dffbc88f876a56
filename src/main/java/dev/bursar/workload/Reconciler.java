package dev.bursar.workload;

import dev.bursar.aws.Refusal;
import dev.bursar.workload.Booking.Duty;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    }

    @Scheduled(fixedDelayString = "${bursar.workload.tick:PT0.25S}")
    void tick() {
        for (var due = claims.due(timing.now(), BATCH); !due.isEmpty(); due = claims.due(timing.now(), BATCH)) {
            due.forEach(this::attendSafely);
        }
    }

    private void attendSafely(Claim claim) {
        try {
            attend(claim);
        } catch (RuntimeException e) {
            log.error("workload {} could not be looked after; it comes due again when the claim ends", claim.id(), e);
        }
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
            case START -> launch.again(claim);
            case STOP -> stop(run);
        }
    }

    /** A refused or lost stop is sent again after the next look. */
    private void stop(Run<Spec> run) {
        try {
            runs.driver(run).stop(run);
        } catch (SdkException e) {
            log.warn("stop of {} was not accepted ({}); it is repeated", run.name(), Refusal.of(e));
            booking.unstopped(run.id(), "AWS did not take the stop (" + Refusal.of(e) + "); it is sent again.");
        }
    }

    private Optional<Run<Spec>> run(Claim claim) {
        var found = transaction.execute(status -> workloads.claimed(claim).map(runs::of));
        return Optional.ofNullable(found).flatMap(run -> run);
    }
}
