package dev.bursar.workload;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.stereotype.Component;

/** How long ago SageMaker was last read with success. */
@Component
class MeterAge {

    private final AtomicReference<Instant> last;

    MeterAge(Clock clock, MeterRegistry meters) {
        last = new AtomicReference<>(clock.instant());
        Gauge.builder(
                        "bursar.meter.age",
                        () -> Duration.between(last.get(), clock.instant()).toMillis() / 1000.0)
                .description("seconds since SageMaker was last read with success; grows while nothing runs")
                .baseUnit("seconds")
                .register(meters);
    }

    void read(Instant now) {
        last.set(now);
    }
}
