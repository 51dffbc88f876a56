package dev.bursar.workload;

import dev.bursar.aws.AwsTime;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How long ago SageMaker was last read with success. While that is too long for work that is live, what runs cannot be
 * measured, so nothing new is held or created (rule M13). Replicas share what they have seen through the rows; a look
 * that found nothing leaves no trace there, so each also remembers its own.
 */
@Component
class MeterAge {

    /** Work that was created but never seen yet is live, but only its absence can be read. */
    private static final String LIVE = """
            select count(*) as live, max(seen_at) as latest, min(seen_at) as earliest from workload
            where due_at is not null and state in ('STARTING', 'IN_PROGRESS', 'STOPPING')
            """;

    private final JdbcClient jdbc;
    private final MeterSettings settings;
    private final AwsTime aws;
    private final Timing timing;
    private final AtomicReference<Instant> last;

    MeterAge(JdbcClient jdbc, MeterSettings settings, AwsTime aws, Timing timing, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.aws = aws;
        this.timing = timing;
        this.last = new AtomicReference<>(timing.now());
        Gauge.builder(
                        "bursar.meter.age",
                        () -> Duration.between(last.get(), timing.now()).toMillis() / 1000.0)
                .description("seconds since SageMaker was last read with success; grows while nothing runs")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("bursar.meter.stale", () -> staleness().isPresent() ? 1 : 0)
                .description("1 while what runs cannot be seen, so that nothing new is held or created")
                .register(meters);
    }

    /** What is live, and when the one of it that was seen last and the one that was seen longest ago were. */
    private record Live(
            int count, @Nullable Instant latest, @Nullable Instant earliest) {

        static Live of(ResultSet row, int number) throws SQLException {
            return new Live(row.getInt("live"), instant(row, "latest"), instant(row, "earliest"));
        }

        private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
            var at = row.getTimestamp(column);
            return at == null ? null : at.toInstant();
        }
    }

    void read(Instant now) {
        last.set(now);
    }

    boolean isFresh() {
        return staleness().isEmpty();
    }

    /** For people, why nothing new may be held or created now; empty while it may. */
    Optional<String> staleness() {
        var now = timing.now();
        var live = jdbc.sql(LIVE).query(Live::of).single();
        if (live.count() > 0 && isBefore(last(live), now.minus(settings.staleAfter()))) {
            return Optional.of("SageMaker could not be read for %s, so what runs is not known; it starts when it can."
                    .formatted(minutes(settings.staleAfter())));
        }
        if (isBefore(live.earliest(), now.minus(settings.unseenAfter()))) {
            return Optional.of(
                    "A running workload was not seen for %s, so what runs is not known; it starts when it is."
                            .formatted(minutes(settings.unseenAfter())));
        }
        if (aws.apart().compareTo(settings.apart()) > 0) {
            return Optional.of("This machine's clock and that of AWS are %d s apart; it starts when they agree again."
                    .formatted(aws.apart().toSeconds()));
        }
        return Optional.empty();
    }

    private Instant last(Live live) {
        var own = Objects.requireNonNull(last.get());
        var shared = live.latest();
        return shared != null && shared.isAfter(own) ? shared : own;
    }

    private static boolean isBefore(@Nullable Instant seen, Instant limit) {
        return seen != null && seen.isBefore(limit);
    }

    private static String minutes(Duration time) {
        return time.toMinutes() + " minutes";
    }
}
