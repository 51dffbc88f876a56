package dev.bursar.embedded;

import dev.bursar.embedded.EmbeddedDatabaseConfiguration.NoDatabaseConfigured;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Without {@code spring.datasource.url} the service brings its own PostgreSQL. Whoever connects depends on the
 * connection details and they on the server, so that Spring stops the server after them.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(NoDatabaseConfigured.class)
class EmbeddedDatabaseConfiguration {

    @Bean
    EmbeddedPostgreSql embeddedPostgreSql(Home home, EmbeddedSettings settings, ApplicationContext service) {
        return EmbeddedPostgreSql.start(home, settings.postgres(), () -> end(service));
    }

    /** On a thread of its own, because whoever ends the service waits for all others. */
    private static void end(ApplicationContext service) {
        new Thread(() -> System.exit(SpringApplication.exit(service, () -> 1)), "end").start();
    }

    @Bean
    JdbcConnectionDetails embeddedJdbcConnectionDetails(EmbeddedPostgreSql server) {
        return new ServiceConnection(PostgreSqlRoles.RUNTIME, server.runtimePassword(), server.url());
    }

    @Bean
    FlywayConnectionDetails embeddedFlywayConnectionDetails(EmbeddedPostgreSql server) {
        return new MigrationConnection(PostgreSqlRoles.OWNER, server.ownerPassword(), server.url());
    }

    private record ServiceConnection(String getUsername, String getPassword, String getJdbcUrl)
            implements JdbcConnectionDetails {}

    private record MigrationConnection(String getUsername, String getPassword, String getJdbcUrl)
            implements FlywayConnectionDetails {}

    static final class NoDatabaseConfigured implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
        }
    }
}
