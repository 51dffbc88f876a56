package dev.bursar.workload;

import dev.bursar.budget.HoldId;
import dev.bursar.budget.Holds;
import dev.bursar.budget.Payer;
import dev.bursar.budget.Purpose;
import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Holds holds;
    private final Events events;
    private final Drivers drivers;
    private final MeterAge meter;
    private final Clock clock;

    Admission(
            Workloads workloads,
            Freezing freezing,
            Holds holds,
            Events events,
            Drivers drivers,
            MeterAge meter,
            Clock clock) {
        this.workloads = workloads;
        this.freezing = freezing;
        this.holds = holds;
        this.events = events;
        this.drivers = drivers;
        this.meter = meter;
        this.clock = clock;
    }

    /** What is asked, made ready by its driver. */
    record Request(Spec spec, Quote quote, String kind, LabId lab) {

        Purpose purpose(HoldId id, MemberId member) {
            return new Purpose(
                    id,
                    lab,
                    spec.project(),
                    member,
                    kind,
                    quote.instanceType(),
                    quote.perInstance().priceBook());
        }
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Workload admit(Request request, Caller caller) {
        var now = clock.instant();
        var id = WorkloadId.next(now);
        var origin = Origin.of(request.kind(), request.lab(), caller.member(), request.spec(), now);
        var workload = new Workload(id, origin, drivers.writeSpec(request.spec()), drivers.write(request.quote()), now);
        workloads.saveAndFlush(workload);
        var worstCase = request.quote().worstCase();
        events.append(
                Fact.of(
                        "workload.accepted",
                        request.lab(),
                        id.value(),
                        Map.of("kind", request.kind(), "name", request.spec().name(), "worstCase", worstCase)),
                caller);
        var frozen = freezing.reason(request.lab());
        if (frozen.isPresent()) {
            return waitUnheld(workload, request, caller, Reason.FROZEN, frozen.get());
        }
        var staleness = meter.staleness();
        if (staleness.isPresent()) {
            return waitUnheld(workload, request, caller, Reason.METER_STALE, staleness.get());
        }
        var shortage = hold(workload, request.quote(), caller);
        if (shortage.isPresent()) {
            refuseOrQueue(workload, shortage.get(), now);
        }
        return workload;
    }

    /** Takes the worst case in every budget that binds, or says which one is in the way. */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Shortage> hold(Workload workload, Quote quote, Caller by) {
        var origin = workload.origin();
        var purpose = new Purpose(
                new HoldId(workload.id().value()),
                origin.lab(),
                origin.project(),
                origin.member(),
                origin.kind(),
                quote.instanceType(),
                quote.perInstance().priceBook());
        return holds.take(purpose, quote.worstCase(), surelyOverBy(quote, clock.instant()), by);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Shortage> endsTooSoon(Workload workload, Quote quote) {
        return holds.endsTooSoon(new HoldId(workload.id().value()), surelyOverBy(quote, clock.instant()));
    }

    Optional<Shortage> wouldHold(Request request, MemberId member) {
        var purpose = request.purpose(new HoldId("estimate"), member);
        return holds.wouldTake(purpose, request.quote().worstCase(), surelyOverBy(request.quote(), clock.instant()));
    }

    List<Payer> payers(Request request, MemberId member) {
        return holds.payers(request.purpose(new HoldId("estimate"), member));
    }

    /** Waits without a hold. What could never be paid is refused all the same. */
    private Workload waitUnheld(Workload workload, Request request, Caller caller, Reason reason, String words) {
        wouldHold(request, caller.member())
                .filter(shortage -> !shortage.mayPass())
                .ifPresent(shortage -> {
                    throw refusal(shortage);
                });
        workload.queue(reason, words, clock.instant());
        return workloads.saveAndFlush(workload);
    }

    private void refuseOrQueue(Workload workload, Shortage shortage, Instant now) {
        if (!shortage.mayPass()) {
            throw refusal(shortage);
        }
        var reason = shortage.why() == Shortage.Why.FROZEN ? Reason.FROZEN : Reason.BUDGET;
        workload.queue(reason, shortage.sentence(), now);
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

    private static Instant surelyOverBy(Quote quote, Instant now) {
        return now.plus(quote.longest());
    }
}
