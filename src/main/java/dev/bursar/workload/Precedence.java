package dev.bursar.workload;

import dev.bursar.budget.Holds;
import dev.bursar.budget.Payer;
import dev.bursar.budget.Purpose;
import dev.bursar.budget.Shortage;
import dev.bursar.core.LabId;
import dev.bursar.core.Money;
import java.sql.Timestamp;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Who may take money before whom. By priority, then age; but what fits may pass what does not fit yet, so that money does
 * not lie idle, and for an hour only, so that much small work cannot starve large work for ever.
 */
@Component
class Precedence {

    private final JdbcClient jdbc;
    private final Holds holds;
    private final Timing timing;

    Precedence(JdbcClient jdbc, Holds holds, Timing timing) {
        this.jdbc = jdbc;
        this.holds = holds;
        this.timing = timing;
    }

    /** Somebody's place in the order. */
    record Place(LabId lab, int priority, WorkloadId id) {}

    /** The budget that keeps its money for somebody ahead who has waited for too long; empty if there is none. */
    java.util.Optional<Shortage> keptForOthers(Place place, Purpose purpose, Money asked) {
        var kept = waitedTooLongAhead(place);
        return kept.isEmpty()
                ? java.util.Optional.empty()
                : holds.payers(purpose).stream()
                        .filter(payer -> kept.contains(payer.budget()))
                        .findFirst()
                        .map(payer -> kept(payer, asked));
    }

    private static Shortage kept(Payer payer, Money asked) {
        return new Shortage(payer.budget(), payer.name(), asked, payer.available(), Shortage.Why.KEPT_FOR_OLDER_WORK);
    }

    private List<String> waitedTooLongAhead(Place place) {
        return jdbc.sql("""
                        select distinct waits_for from workload
                        where state = 'QUEUED' and reason = 'BUDGET' and lab_id = :lab and created_at < :before and id <> :id
                          and (priority > :priority or priority = :priority and id < :id)
                        """)
                .param("lab", place.lab().value())
                .param("before", Timestamp.from(timing.overtakableSince()))
                .param("id", place.id().value())
                .param("priority", place.priority())
                .query(String.class)
                .list();
    }
}
