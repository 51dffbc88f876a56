package dev.bursar.workload;

import dev.bursar.aws.AwsAccount;
import dev.bursar.aws.AwsTime;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How long ago SageMaker was last read with success, through each row of an AWS account. While that is too long for work
 * that is live there, what runs cannot be measured, so nothing new is held or created there (rule M13). Only AWS's silence
 * counts: a row that was answered and cannot be booked is {@link Setbacks one row's own trouble}. Replicas share what they
 * have seen through the rows, where it is written apart, before anything is booked.
 */
@Component
class MeterAge {

    /** What was created and never seen yet is live from the last moment at which its Create could be sent. */
    private static final String METERS = """
            select a.id, a.account, a.region, count(w.id) as live, max(coalesce(w.looked_at, w.seen_at)) as latest,
              min(greatest(w.looked_at, w.seen_at, w.sendable_until)) as earliest
            from aws_account a left join workload w on w.aws_account_id = a.id
              and w.due_at is not null and w.state in ('STARTING', 'IN_PROGRESS', 'STOPPING')
            """;

    private final JdbcClient jdbc;
    private final MeterSettings settings;
    private final FeedSettings feed;
    private final AwsTime aws;
    private final Timing timing;
    private final Map<Long, Instant> read = new ConcurrentHashMap<>();

    MeterAge(
            JdbcClient jdbc,
            MeterSettings settings,
            FeedSettings feed,
            AwsTime aws,
            Timing timing,
            MeterRegistry registry) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.feed = feed;
        this.aws = aws;
        this.timing = timing;
        Gauge.builder("bursar.meter.age", () -> oldest().toMillis() / 1000.0)
                .description(
                        "seconds since SageMaker was last read with success, where work is live; of all AWS accounts the most")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("bursar.meter.stale", () -> stale().size())
                .description(
                        "AWS accounts in which what runs cannot be seen, so that nothing new is held or created there")
                .register(registry);
    }

    /** One AWS account row, and of what is live in it the one that was seen last and the one that was longest not seen. */
    private record Meter(
            long id,
            String account,
            String region,
            int live,
            @Nullable Instant latest,
            @Nullable Instant earliest) {

        static Meter of(ResultSet row, int number) throws SQLException {
            return new Meter(
                    row.getLong("id"),
                    row.getString("account"),
                    row.getString("region"),
                    row.getInt("live"),
                    instant(row.getTimestamp("latest")),
                    instant(row.getTimestamp("earliest")));
        }

        private static @Nullable Instant instant(@Nullable Timestamp at) {
            return at == null ? null : at.toInstant();
        }
    }

    /** AWS has answered a look at this run, whatever becomes of the answer. */
    void read(Run<?> run, Instant now) {
        read.put(run.account().id(), now);
        jdbc.sql("update workload set looked_at = :now where id = :id")
                .param("now", Timestamp.from(now))
                .param("id", run.id().value())
                .update();
    }

    boolean isFresh(AwsAccount account) {
        return staleness(account.id()).isEmpty();
    }

    /** For people, why nothing new may be held or created in an account now; empty while it may. */
    Optional<String> staleness(long account) {
        return jdbc.sql(METERS + "where a.id = :id group by a.id")
                .param("id", account)
                .query(Meter::of)
                .optional()
                .flatMap(this::staleness);
    }

    /** The rows of accounts in which nothing new may be held or created now. */
    List<Long> stale() {
        return meters().stream()
                .filter(meter -> staleness(meter).isPresent())
                .map(Meter::id)
                .toList();
    }

    /** For operators, which accounts are stale, and why. */
    List<String> complaints() {
        return meters().stream()
                .flatMap(meter -> staleness(meter).stream()
                        .map(why -> "%s %s (%d): %s".formatted(meter.account(), meter.region(), meter.id(), why)))
                .toList();
    }

    private List<Meter> meters() {
        return jdbc.sql(METERS + "group by a.id order by a.id").query(Meter::of).list();
    }

    private Optional<String> staleness(Meter meter) {
        var now = timing.now();
        var unseenAfter = longer(settings.unseenAfter(), feed.sweep().multipliedBy(2));
        if (lastRead(meter).isBefore(now.minus(settings.staleAfter()))) {
            return Optional.of("SageMaker could not be read for %s, so what runs is not known; it starts when it can."
                    .formatted(minutes(settings.staleAfter())));
        }
        if (meter.earliest() != null && meter.earliest().isBefore(now.minus(unseenAfter))) {
            return Optional.of(
                    "A running workload was not seen for %s, so what runs is not known; it starts when it is."
                            .formatted(minutes(unseenAfter)));
        }
        if (aws.apart().compareTo(settings.apart()) > 0) {
            return Optional.of("This machine's clock and that of AWS are %d s apart; it starts when they agree again."
                    .formatted(aws.apart().toSeconds()));
        }
        return Optional.empty();
    }

    /** Where nothing is live, there is nothing to be read: the time begins with the first that is. */
    private Instant lastRead(Meter meter) {
        if (meter.live() == 0) {
            read.put(meter.id(), timing.now());
        }
        var shared = meter.latest();
        var own = shared == null ? read.computeIfAbsent(meter.id(), first -> timing.now()) : read.get(meter.id());
        return own == null || (shared != null && shared.isAfter(own)) ? java.util.Objects.requireNonNull(shared) : own;
    }

    private Duration oldest() {
        return meters().stream()
                .filter(meter -> meter.live() > 0)
                .map(meter -> Duration.between(lastRead(meter), timing.now()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String minutes(Duration time) {
        return time.toMinutes() + " minutes";
    }
}
