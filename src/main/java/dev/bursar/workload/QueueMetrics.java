package dev.bursar.workload;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What an operator watches: the queue by reason, and what is running. */
@Component
class QueueMetrics {

    private final JdbcClient jdbc;

    QueueMetrics(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        Stream.concat(Stream.of((Reason) null), Arrays.stream(Reason.values()))
                .forEach(reason -> Gauge.builder("bursar.queue", () -> queued(reason))
                        .description("queued workloads by what they wait for")
                        .tag("reason", reason == null ? "TURN" : reason.name())
                        .register(meters));
        for (var state : new State[] {State.STARTING, State.IN_PROGRESS, State.STOPPING}) {
            Gauge.builder("bursar.workloads", () -> count("state = '" + state + "'"))
                    .description("workloads in SageMaker by state")
                    .tag("state", state.name())
                    .register(meters);
        }
        Gauge.builder("bursar.unsettled", () -> count("ended_at is not null and settled_at is null"))
                .description("workloads that are over but whose bill is not final")
                .register(meters);
    }

    private BigDecimal queued(@Nullable Reason reason) {
        return count("state = 'QUEUED' and reason " + (reason == null ? "is null" : "= '" + reason + "'"));
    }

    private BigDecimal count(String which) {
        return jdbc.sql("select count(*) from workload where " + which)
                .query(BigDecimal.class)
                .single();
    }
}
