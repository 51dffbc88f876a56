package dev.bursar.aws;

import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * This installation's id, which starts every SageMaker name of ours (rule N1). It is in the database and in the
 * configuration; where they differ, the database is a copy of another installation's, and must not touch its work.
 */
@Component
public class Installation {

    private static final Logger log = LoggerFactory.getLogger(Installation.class);
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    private final String id;
    private final boolean copy;

    Installation(JdbcClient jdbc, AwsSettings settings, Clock clock) {
        var configured = settings.installation();
        if (configured == null && settings.mode() == AwsSettings.Mode.AWS) {
            throw new UnknownInstallation(
                    jdbc.sql("select id from installation").query(String.class).optional());
        }
        jdbc.sql("insert into installation (id, created_at) values (:id, :now) on conflict do nothing")
                .param("id", configured == null ? random() : configured)
                .param("now", Timestamp.from(clock.instant()))
                .update();
        id = jdbc.sql("select id from installation").query(String.class).single();
        copy = configured != null && !configured.equals(id);
        if (copy) {
            log.error(
                    "the database belongs to installation {}, the configuration says {}: nothing is started or stopped in AWS",
                    id,
                    configured);
        }
    }

    public String id() {
        return id;
    }

    /** Whether this is a copied database, which is read-only towards AWS. */
    public boolean isCopy() {
        return copy;
    }

    private static String random() {
        return new SecureRandom()
                .ints(6, 0, DIGITS.length())
                .mapToObj(at -> String.valueOf(DIGITS.charAt(at)))
                .collect(Collectors.joining());
    }
}
