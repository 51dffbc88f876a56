package dev.bursar.embedded;

import dev.bursar.aws.AwsConnectionDetails;
import dev.bursar.aws.AwsSettings;
import dev.bursar.embedded.EmbeddedEngine.Account;
import java.time.Clock;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** In local mode the engine is AWS. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "bursar.aws.mode", havingValue = "local", matchIfMissing = true)
class EmbeddedAwsConfiguration {

    private static final String ACCOUNT = "123456789012";

    @Bean
    EmbeddedEngine embeddedEngine(
            Home home,
            EmbeddedEngineSettings settings,
            AwsSettings aws,
            Clock clock,
            ObjectProvider<JdbcClient> database) {
        if (settings.url() == null) {
            database.ifAvailable(jdbc ->
                    new EngineOfRecord(jdbc, clock).require(EmbeddedEngine.id(home), settings.replacesAnother()));
        }
        var account = new Account(Objects.requireNonNullElse(aws.account(), ACCOUNT), aws.region());
        return settings.url() == null
                ? EmbeddedEngine.start(home, settings, account, clock)
                : EmbeddedEngine.elsewhere(home, settings, account);
    }

    /** Up in any case; the detail says what a lab may expect. */
    @Bean("engine")
    HealthIndicator engineHealth(EmbeddedEngine engine) {
        var confinement = engine.aws().confinement();
        return () -> Health.up()
                .withDetail("confined", confinement.standing().isPresent())
                .withDetail(
                        "confinement",
                        confinement.standing().or(confinement::lacking).orElse("unknown"))
                .build();
    }

    @Bean
    AwsConnectionDetails embeddedAws(EmbeddedEngine engine) {
        return engine.aws();
    }
}
