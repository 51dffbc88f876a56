package dev.bursar.budget;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Down while the last audit found a difference; not part of liveness or readiness, because a restart repairs no books. */
@Component("ledger")
class LedgerHealth implements HealthIndicator {

    private final LedgerAudit audit;

    LedgerHealth(LedgerAudit audit) {
        this.audit = audit;
    }

    @Override
    public Health health() {
        var found = audit.found();
        return found.isEmpty()
                ? Health.up().build()
                : Health.down()
                        .withDetail("differences", found.size())
                        .withDetail("first", found.get(0).toString())
                        .build();
    }
}
