package dev.bursar.workload;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Starts queued workloads in SageMaker, by priority, then age. Every replica has one; claims share the work. */
@Component
class Dispatcher {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final int BATCH = 10;

    private final Claims claims;
    private final Launch launch;
    private final Timing timing;
    private final boolean dispatches;

    Dispatcher(Claims claims, Launch launch, Timing timing, Runs runs, WorkloadSettings settings) {
        this.claims = claims;
        this.launch = launch;
        this.timing = timing;
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
        for (var queued = claims.queued(timing.now(), BATCH);
                !queued.isEmpty();
                queued = claims.queued(timing.now(), BATCH)) {
            queued.forEach(this::dispatchSafely);
        }
    }

    private void dispatchSafely(Claim claim) {
        try {
            launch.dispatch(claim);
        } catch (RuntimeException e) {
            log.error("workload {} could not be started; it comes due again when the claim ends", claim.id(), e);
        }
    }
}
