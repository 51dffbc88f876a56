package dev.bursar.workload;

import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Lets work in: with its worst case held, or waiting for money that others hold now, or not at all. Workload, event,
 * ledger and budget are one transaction, and the money comes last in it.
 */
@Component
class Admission {

    private final Workloads workloads;
    private final Freezing freezing;
    private final Funding funding;
    private final Events events;
    private final Runs runs;
    private final MeterAge meter;
    private final Timing timing;

    Admission(
            Workloads workloads,
            Freezing freezing,
            Funding funding,
            Events events,
            Runs runs,
            MeterAge meter,
            Timing timing) {
        this.workloads = workloads;
        this.freezing = freezing;
        this.funding = funding;
        this.events = events;
        this.runs = runs;
        this.meter = meter;
        this.timing = timing;
    }

    /** What is asked, made ready by its driver. */
    record Request(Spec spec, Quote quote, String kind, LabId lab) {}

    @Transactional(propagation = Propagation.MANDATORY)
    Workload admit(Request request, Caller caller) {
        var workload = workloads.saveAndFlush(runs.accept(request, caller.member(), timing.now()));
        events.append(
                Fact.of(
                        "workload.accepted",
                        request.lab(),
                        workload.id().value(),
                        Map.of(
                                "kind",
                                request.kind(),
                                "name",
                                request.spec().name(),
                                "worstCase",
                                request.quote().worstCase())),
                caller);
        var frozen = freezing.reason(request.lab());
        if (frozen.isPresent()) {
            return waitUnheld(workload, request, caller, Reason.FROZEN, frozen.get());
        }
        var staleness = meter.staleness(workload.origin().awsAccountId());
        if (staleness.isPresent()) {
            return waitUnheld(workload, request, caller, Reason.METER_STALE, staleness.get());
        }
        funding.hold(workload, request.quote(), caller).ifPresent(shortage -> refuseOrQueue(workload, shortage));
        return workload;
    }

    /** Waits without a hold. What could never be paid is refused all the same. */
    private Workload waitUnheld(Workload workload, Request request, Caller caller, Reason reason, String words) {
        funding.wouldHold(request, caller.member())
                .filter(shortage -> !shortage.mayPass())
                .ifPresent(shortage -> {
                    throw refusal(shortage);
                });
        workload.queue(reason, words, timing.now());
        return workloads.saveAndFlush(workload);
    }

    private void refuseOrQueue(Workload workload, Shortage shortage) {
        if (!shortage.mayPass()) {
            throw refusal(shortage);
        }
        workload.queue(shortage, timing.now());
        workloads.saveAndFlush(workload);
    }

    static Problem refusal(Shortage shortage) {
        if (shortage.why() == Shortage.Why.NO_BUDGET) {
            return new Problem(ProblemType.NO_BUDGET, shortage.sentence());
        }
        return new Problem(ProblemType.UNAFFORDABLE, shortage.sentence())
                .with("budget", shortage.budget())
                .with("asked", shortage.asked())
                .with("left", shortage.left());
    }
}
