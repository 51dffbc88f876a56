package dev.bursar.embedded;

import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which embedded engine the work of a database runs on. Services that share a database must share its engine: each would
 * take the other's jobs for lost.
 */
final class EngineOfRecord {

    private final JdbcClient jdbc;
    private final Clock clock;

    EngineOfRecord(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The first engine is remembered; any other is refused, until it is said to replace that one. */
    void require(String engine, boolean replacesAnother) {
        jdbc.sql("""
                        insert into local_engine (id, since) values (:id, :now)
                        on conflict (only_one) do update set id = excluded.id, since = excluded.since
                        where :replaces and local_engine.id <> excluded.id
                        """)
                .param("id", engine)
                .param("now", Timestamp.from(clock.instant()))
                .param("replaces", replacesAnother)
                .update();
        var known = jdbc.sql("select id from local_engine").query(String.class).single();
        if (!known.equals(engine)) {
            throw new AnotherEngine();
        }
    }
}
