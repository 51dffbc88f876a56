package dev.bursar.workload;

import java.util.List;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Brings what SageMaker says into PostgreSQL. It works from state, not from messages, so every step may be repeated and
 * nothing that was missed stays missed.
 */
@Component
class Reconciler {

    private static final int BATCH = 20;

    private final Claims claims;
    private final Visits visits;
    private final Timing timing;
    private final Round round;

    Reconciler(Claims claims, Visits visits, Timing timing, Setbacks setbacks) {
        this.claims = claims;
        this.visits = visits;
        this.timing = timing;
        this.round = new Round(claims, timing, visits.pace(), setbacks);
    }

    @Scheduled(fixedDelayString = "${bursar.workload.tick:PT0.25S}")
    void tick() {
        for (var due = claim(); !due.isEmpty(); due = claim()) {
            round.work(due, visits::pay);
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
        return claims.due(now, BATCH, visits.pace().paused(now));
    }
}
