package dev.bursar.workload;

import dev.bursar.aws.AwsClients;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How often running work can be looked at. Half of the calls that describe go to regular looks, the other half is for
 * what has news, starts or stops. With little work that is often; with much of it, news lead and looks sweep.
 */
@Component
class Looks {

    private static final long COUNT_IS_GOOD_FOR = Duration.ofSeconds(5).toNanos();

    private final JdbcClient jdbc;
    private final AwsClients clients;
    private final FeedSettings settings;
    private volatile long countedAt = System.nanoTime() - COUNT_IS_GOOD_FOR;
    private volatile long live;

    Looks(JdbcClient jdbc, AwsClients clients, FeedSettings settings) {
        this.jdbc = jdbc;
        this.clients = clients;
        this.settings = settings;
    }

    /** Not more often than this, and not less often than the sweep. */
    Duration every(Duration least) {
        var forAll = Duration.ofMillis((long) (live() * 1000 / (clients.describesPerSecond() / 2)));
        if (forAll.compareTo(least) < 0) {
            return least;
        }
        return forAll.compareTo(settings.sweep()) > 0 ? settings.sweep() : forAll;
    }

    private long live() {
        if (System.nanoTime() - countedAt >= COUNT_IS_GOOD_FOR) {
            countedAt = System.nanoTime();
            live = jdbc.sql("""
                            select count(*) from workload
                            where due_at is not null and state in ('STARTING', 'IN_PROGRESS', 'STOPPING')
                            """).query(Long.class).single();
        }
        return live;
    }
}
