package dev.bursar.workload;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What an operator watches: the queue by reason, and what is running. Counted once in a while by one statement and not
 * for whoever asks, so that it costs the same however often it is read, and can be read while PostgreSQL is away.
 */
@Component
class QueueMetrics {

    private final JdbcClient jdbc;
    private volatile List<Count> counts = List.of();

    QueueMetrics(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        Stream.concat(Stream.of((Reason) null), Arrays.stream(Reason.values()))
                .forEach(reason -> Gauge.builder("bursar.queue", () -> queued(reason))
                        .description("queued workloads by what they wait for")
                        .tag("reason", reason == null ? "TURN" : reason.name())
                        .register(meters));
        for (var state : new State[] {State.STARTING, State.IN_PROGRESS, State.STOPPING}) {
            Gauge.builder("bursar.workloads", () -> sum(count -> count.state() == state))
                    .description("workloads in SageMaker by state")
                    .tag("state", state.name())
                    .register(meters);
        }
        Gauge.builder("bursar.unsettled", () -> sum(count -> count.state().isOver()))
                .description("workloads that are over but whose bill is not final")
                .register(meters);
    }

    /** Of what is not over and paid. */
    private record Count(State state, @Nullable String reason, long number) {

        static Count of(ResultSet row, int number) throws SQLException {
            return new Count(State.valueOf(row.getString("state")), row.getString("reason"), row.getLong("number"));
        }
    }

    @Scheduled(fixedDelayString = "${bursar.workload.count-tick:PT5S}")
    void count() {
        counts = jdbc.sql("""
                        select state, reason, count(*) as number from workload where state = 'QUEUED' group by state, reason
                        union all
                        select state, null, count(*) from workload where due_at is not null and state <> 'QUEUED' group by state
                        """).query(Count::of).list();
    }

    private long queued(@Nullable Reason reason) {
        var name = reason == null ? null : reason.name();
        return sum(count -> count.state() == State.QUEUED && java.util.Objects.equals(count.reason(), name));
    }

    private long sum(Predicate<Count> which) {
        return counts.stream().filter(which).mapToLong(Count::number).sum();
    }
}
