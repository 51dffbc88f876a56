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
    private final Admission admission;
    private final Events events;
    private final Runs runs;
    private final Timing timing;

    Intention(Workloads workloads, Admission admission, Events events, Runs runs, Timing timing) {
        this.workloads = workloads;
        this.admission = admission;
        this.events = events;
        this.runs = runs;
        this.timing = timing;
    }

    /**
     * A Create that may be sent.
     *
     * @param fresh nothing was ever sent under this name
     * @param sendableUntil not sent later than this
     * @param shortage if money was still to be held and could not be: then it may not be sent, and nothing is kept
     */
    record Intended(
            Run<Spec> run,
            boolean fresh,
            Instant sendableUntil,
            @Nullable Shortage shortage) {}

    Intended intend(Workload workload) {
        var fresh = !workload.maybeExists();
        var needsMoney = workload.reason() == Reason.BUDGET || workload.reason() == Reason.FROZEN;
        workload.intend(runs.installation(), timing.sendableUntil(), timing.absenceBelievableFrom(), timing.claimEnd());
        var run = runs.of(workload);
        workloads.saveAndFlush(workload);
        events.append(
                Fact.of("workload.starting", run.lab(), run.id().value(), Map.of("sageMakerName", run.name())),
                Caller.BURSAR);
        var shortage = needsMoney ? admission.hold(workload, runs.quote(workload), Caller.BURSAR) : null;
        var until = Objects.requireNonNull(workload.sendableUntil());
        return new Intended(run, fresh, until, shortage == null ? null : shortage.orElse(null));
    }
}
