package dev.bursar.budget;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Opens months before they begin and carries over what is released late, on every replica: a second one finds nothing to
 * do. Whoever takes money does the same for the budgets that bind, so nothing depends on this having run.
 */
@Component
class Rollover {

    private static final Logger log = LoggerFactory.getLogger(Rollover.class);

    private final Months months;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Rollover(Months months, TransactionTemplate transaction, Clock clock) {
        this.months = months;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${bursar.budget.rollover-tick:PT15S}")
    void tick() {
        var now = clock.instant();
        for (var due : months.due(Months.Which.ALL, now)) {
            transaction.executeWithoutResult(status -> months.makeReady(Months.Which.budget(due.budget()), now));
            log.info(
                    "months of budget={} opens={} carries={}: the month that is open has its money",
                    due.budget(),
                    due.opens(),
                    due.carries());
        }
    }
}
