package dev.bursar.workload;

import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The step before a Create: the name of the attempt is committed, so that after a crash it is known under which name to
 * look; and money is held, if it was not yet, as the last statement. No call is made in here.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class Intention {

    private final Workloads workloads;
    private final Funding funding;
    private final PaidTimes paidTimes;
    private final Events events;
    private final Runs runs;
    private final Timing timing;

    Intention(Workloads workloads, Funding funding, PaidTimes paidTimes, Events events, Runs runs, Timing timing) {
        this.workloads = workloads;
        this.funding = funding;
        this.paidTimes = paidTimes;
        this.events = events;
        this.runs = runs;
        this.timing = timing;
    }

    /**
     * A Create that may be sent.
     *
     * @param unknownBefore until when an earlier Create under this name is not believed to be lost; null if there was none
     * @param sendableUntil not sent later than this
     * @param shortage if money was still to be held and could not be: then it may not be sent, and nothing is kept
     */
    record Intended(
            Run<Spec> run,
            @Nullable Instant unknownBefore,
            Instant sendableUntil,
            @Nullable Shortage shortage) {

        String name() {
            return run.name();
        }

        /** Whether no earlier Create under this name can have made anything. */
        boolean isAlone(Instant now) {
            return unknownBefore == null || !now.isBefore(unknownBefore);
        }
    }

    Intended intend(Workload workload) {
        var unknownBefore = workload.attempt().unknownUntil();
        var isFirst = workload.attempt().sageMakerName() == null;
        var needsMoney = Reason.holdsNothing(workload.reason());
        workload.intend(runs.installation(), timing.sendableUntil(), timing.absenceBelievableFrom(), timing.claimEnd());
        var run = runs.of(workload);
        workloads.saveAndFlush(workload);
        paidTimes.intend(workload.id(), runs.quote(workload), timing.now());
        if (isFirst) {
            events.append(
                    Fact.of("workload.starting", run.lab(), run.id().value(), Map.of("sageMakerName", run.name())),
                    Caller.BURSAR);
        }
        var shortage = needsMoney ? funding.hold(workload, runs.quote(workload), Caller.BURSAR) : null;
        var until = Objects.requireNonNull(workload.attempt().sendableUntil());
        return new Intended(run, unknownBefore, until, shortage == null ? null : shortage.orElse(null));
    }
}
