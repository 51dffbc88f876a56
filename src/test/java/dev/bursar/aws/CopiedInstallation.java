package dev.bursar.aws;

import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The installation of a configuration that finds the database of another one. */
public final class CopiedInstallation {

    private CopiedInstallation() {}

    public static Installation of(JdbcClient jdbc, Clock clock) {
        var settings = new AwsSettings(AwsSettings.Mode.LOCAL, "zzzzz9", "us-east-1", null, null, null, null, "");
        return new Installation(jdbc, settings, clock);
    }
}
