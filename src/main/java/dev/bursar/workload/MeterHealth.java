package dev.bursar.workload;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Says whether the meter is stale. The service is up all the same: it accepts and queues, and looks again. */
@Component("meterHealthIndicator")
class MeterHealth extends AbstractHealthIndicator {

    private final MeterAge meter;

    MeterHealth(MeterAge meter) {
        this.meter = meter;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        var staleness = meter.staleness();
        if (staleness.isPresent()) {
            builder.status("METER_STALE").withDetail("why", staleness.get());
        } else {
            builder.up();
        }
    }
}
