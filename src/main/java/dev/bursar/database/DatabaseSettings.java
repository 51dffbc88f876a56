package dev.bursar.database;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How PostgreSQL is shared. The duties' share is as large as there are threads of theirs, so that none waits for another.
 *
 * @param requests connections for what people read and ask for
 * @param orders connections for what people order to be stopped
 * @param patience how long a request waits for a connection
 * @param silence how long PostgreSQL may be silent before everybody is told that it does not answer
 * @param pulse how often it is asked
 */
@ConfigurationProperties("bursar.database")
record DatabaseSettings(
        @DefaultValue("10") int requests,
        @DefaultValue("3") int orders,
        @DefaultValue("2s") Duration patience,
        @DefaultValue("2s") Duration silence,
        @DefaultValue("250ms") Duration pulse) {

    private static final Duration LONGEST = Duration.ofSeconds(3);

    DatabaseSettings {
        if (requests < 1 || orders < 1) {
            throw new IllegalArgumentException("bursar.database.requests and .orders are at least 1");
        }
        if (isNoWait(patience) || isNoWait(silence)) {
            throw new IllegalArgumentException("bursar.database.patience and .silence are 250ms to 3s");
        }
    }

    private static boolean isNoWait(Duration time) {
        return time.toMillis() < 250 || time.compareTo(LONGEST) > 0;
    }
}
