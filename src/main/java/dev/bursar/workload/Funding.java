package dev.bursar.workload;

import dev.bursar.budget.HoldId;
import dev.bursar.budget.Holds;
import dev.bursar.budget.Payer;
import dev.bursar.budget.Purpose;
import dev.bursar.budget.Shortage;
import dev.bursar.core.Caller;
import dev.bursar.core.MemberId;
import dev.bursar.workload.Admission.Request;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Has the worst case of work set aside in its turn, or says which budget is in the way. */
@Component
class Funding {

    private final Holds holds;
    private final Precedence precedence;
    private final Timing timing;

    Funding(Holds holds, Precedence precedence, Timing timing) {
        this.holds = holds;
        this.precedence = precedence;
        this.timing = timing;
    }

    /** Takes the worst case in every budget that binds; the last statements of their transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Shortage> hold(Workload workload, Quote quote, Caller by) {
        var place =
                new Precedence.Place(workload.origin().lab(), workload.origin().priority(), workload.id());
        var kept = precedence.keptForOthers(place, purpose(workload, quote), quote.worstCase());
        return kept.isPresent() ? kept : holdRunning(workload, quote, by);
    }

    /** The same for work that runs already, and therefore waits for nobody. */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Shortage> holdRunning(Workload workload, Quote quote, Caller by) {
        return holds.take(purpose(workload, quote), quote.worstCase(), surelyOverBy(quote), by);
    }

    /** Whether its money is held in a budget that ends before it would surely be over, started now. */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Shortage> endsTooSoon(Workload workload, Quote quote) {
        return holds.endsTooSoon(new HoldId(workload.id().value()), surelyOverBy(quote));
    }

    /** The budget that pays for it and is frozen, if one is. */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Shortage> frozen(Workload workload) {
        return Reason.holdsNothing(workload.reason())
                ? Optional.empty()
                : holds.frozen(new HoldId(workload.id().value()));
    }

    /** What {@link #hold} would answer now; promises nothing. */
    Optional<Shortage> wouldHold(Request request, MemberId member) {
        return holds.wouldTake(estimated(request, member), request.quote().worstCase(), surelyOverBy(request.quote()));
    }

    /** Whether there is a budget at all that could be charged. */
    boolean canBook(Request request, MemberId member) {
        return holds.canBook(estimated(request, member));
    }

    List<Payer> payers(Request request, MemberId member) {
        return holds.payers(estimated(request, member));
    }

    private Instant surelyOverBy(Quote quote) {
        return timing.now().plus(quote.longest());
    }

    private static Purpose estimated(Request request, MemberId member) {
        var quote = request.quote();
        return new Purpose(
                new HoldId("estimate"),
                request.lab(),
                request.spec().project(),
                member,
                request.kind(),
                quote.instanceType(),
                quote.perInstance().priceBook());
    }

    private static Purpose purpose(Workload workload, Quote quote) {
        var origin = workload.origin();
        return new Purpose(
                new HoldId(workload.id().value()),
                origin.lab(),
                origin.project(),
                origin.member(),
                origin.kind(),
                quote.instanceType(),
                quote.perInstance().priceBook());
    }
}
