package dev.bursar.workload;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Says which meters are stale. The service is up all the same: it accepts and queues, and looks again. */
@Component("meterHealthIndicator")
class MeterHealth extends AbstractHealthIndicator {

    private final MeterAge meter;

    MeterHealth(MeterAge meter) {
        this.meter = meter;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        var complaints = meter.complaints();
        if (complaints.isEmpty()) {
            builder.up();
        } else {
            builder.status("METER_STALE").withDetail("why", complaints);
        }
    }
}
