package dev.bursar.workload;

import jakarta.annotation.PostConstruct;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * Takes up what the last process had claimed. Without {@code spring.datasource.url} the database is this process's own,
 * and the lock on its home keeps every other process out: whoever had a claim is dead, so nobody has to wait for its end.
 * With a database that replicas share, claims end by themselves.
 */
@Component
class Restart {

    private static final Logger log = LoggerFactory.getLogger(Restart.class);

    private final Claims claims;
    private final Timing timing;
    private final Environment environment;

    Restart(Claims claims, Timing timing, Environment environment) {
        this.claims = claims;
        this.timing = timing;
        this.environment = environment;
    }

    /** Before the first tick. */
    @PostConstruct
    void takeUp() {
        if (StringUtils.hasText(environment.getProperty("spring.datasource.url"))) {
            return;
        }
        var released = claims.releaseAll(timing.now());
        if (released > 0) {
            log.info(
                    "{} workloads are looked after at once, because no other process can be at work on them", released);
        }
    }
}
