package dev.bursar.workload;

import dev.bursar.budget.HoldId;
import dev.bursar.budget.Holds;
import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.event.Events;
import dev.bursar.event.Fact;
import java.time.Duration;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The end of money for a workload: what it cost is charged, the rest of its hold is given back. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class Settlement {

    private final Workloads workloads;
    private final PaidTimes paidTimes;
    private final Holds holds;
    private final Events events;
    private final Timing timing;

    Settlement(Workloads workloads, PaidTimes paidTimes, Holds holds, Events events, Timing timing) {
        this.workloads = workloads;
        this.paidTimes = paidTimes;
        this.holds = holds;
        this.events = events;
        this.timing = timing;
    }

    /** Ends what was never on the bill. */
    void withoutSpending(Workload workload, State last, String words, Caller by) {
        workload.end(last, words, timing.now());
        tell(workload, words, by);
        close(workload, Money.ZERO, words, by);
    }

    /** Pays the bill. */
    void pay(Workload workload, Quote quote, Duration instanceTime, String words) {
        close(workload, quote.cost(instanceTime), words, Caller.BURSAR);
    }

    void tell(Workload workload, String words, Caller by) {
        var type = "workload."
                + workload.state().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        events.append(Fact.of(type, workload.origin().lab(), workload.id().value(), Map.of("message", words)), by);
    }

    private void close(Workload workload, Money charged, String words, Caller by) {
        workload.settle(timing.now());
        events.append(
                Fact.of(
                        "workload.settled",
                        workload.origin().lab(),
                        workload.id().value(),
                        Map.of("charged", charged)),
                by);
        workloads.saveAndFlush(workload);
        paidTimes.end(workload.id());
        holds.settle(new HoldId(workload.id().value()), charged, words, by);
    }
}
