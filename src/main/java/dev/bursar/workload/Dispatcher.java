package dev.bursar.workload;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Starts queued workloads in SageMaker, by priority, then age. Every replica has one; claims share the work. */
@Component
class Dispatcher {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final int BATCH = 10;

    private final Claims claims;
    private final Launch launch;
    private final MeterAge meter;
    private final Timing timing;
    private final Round round;
    private final boolean dispatches;

    Dispatcher(
            Claims claims,
            Launch launch,
            MeterAge meter,
            Timing timing,
            Runs runs,
            Setbacks setbacks,
            WorkloadSettings settings) {
        this.claims = claims;
        this.launch = launch;
        this.meter = meter;
        this.timing = timing;
        this.round = new Round(claims, timing, launch.pace(), setbacks);
        this.dispatches = settings.dispatch() && runs.mayTouch();
        if (!dispatches) {
            log.warn("dispatch is off: requests are accepted and hold money, but nothing is started");
        }
    }

    @Scheduled(fixedDelayString = "${bursar.workload.tick:PT0.25S}")
    void tick() {
        if (!dispatches) {
            return;
        }
        for (var queued = claim(); !queued.isEmpty(); queued = claim()) {
            round.work(queued, launch::dispatch);
        }
    }

    @EventListener
    void end(ContextClosedEvent closed) {
        round.end();
    }

    /** None where the meter is stale: those stay due, and have their turn when it is fresh. */
    private List<Claim> claim() {
        if (round.isEnding()) {
            return List.of();
        }
        var now = timing.now();
        return claims.queued(now, BATCH, launch.pace().paused(now), meter.stale());
    }
}
