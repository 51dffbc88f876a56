package dev.bursar.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.task.ThreadPoolTaskSchedulerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/**
 * Three pools on one database, chosen by the thread, instead of the one that everybody would share. Duties and orders keep
 * all of their connections open, so that none has to be had when PostgreSQL has none left; requests open theirs as they come.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    private static final Logger log = LoggerFactory.getLogger(DatabaseConfiguration.class);

    @Bean
    Lines lines(
            ObjectProvider<JdbcConnectionDetails> brought, DataSourceProperties properties, DatabaseSettings settings) {
        var details = brought.getIfAvailable();
        return details == null
                ? new Lines(
                        properties.determineUrl(),
                        properties.determineUsername(),
                        properties.determinePassword(),
                        settings)
                : new Lines(details.getJdbcUrl(), details.getUsername(), details.getPassword(), settings);
    }

    @Bean
    Pulse pulse(Lines lines, DatabaseSettings settings) {
        return new Pulse(lines, settings);
    }

    @Bean
    @Primary
    DataSource dataSource(
            Lines lines,
            Pulse pulse,
            DatabaseSettings settings,
            @Value("${spring.task.scheduling.pool.size}") int duties,
            Environment environment,
            ObjectProvider<MeterRegistry> meters) {
        return new SharedDataSource(pulse, share -> {
            var pool = pool(lines, settings, environment);
            pool.setPoolName(share.name().toLowerCase(Locale.ROOT));
            pool.setMaximumPoolSize(
                    switch (share) {
                        case REQUESTS -> settings.requests();
                        case ORDERS -> settings.orders();
                        case DUTIES -> duties;
                    });
            pool.setMinimumIdle(share == Share.REQUESTS ? 2 : pool.getMaximumPoolSize());
            meters.ifAvailable(pool::setMetricRegistry);
            return new HikariDataSource(pool);
        });
    }

    /** Everything that {@code spring.datasource.hikari} says goes for each pool, but what decides how the shares work. */
    private static HikariConfig pool(Lines lines, DatabaseSettings settings, Environment environment) {
        var pool = new HikariConfig();
        Binder.get(environment).bind("spring.datasource.hikari", Bindable.ofInstance(pool));
        pool.setDataSource(lines);
        pool.setJdbcUrl(lines.getUrl());
        pool.setUsername(lines.getUsername());
        pool.setPassword(lines.getPassword());
        pool.setConnectionTimeout(settings.patience().toMillis());
        pool.setValidationTimeout(settings.patience().toMillis());
        return pool;
    }

    @Bean
    HealthIndicator dbHealthIndicator(Pulse pulse) {
        return new DatabaseHealth(pulse);
    }

    /** What is done by the clock is a duty. One that fails has its turn again at the next tick. */
    @Bean
    ThreadPoolTaskSchedulerCustomizer dutyThreads() {
        return scheduler -> {
            scheduler.setThreadFactory(Share.DUTIES.threads("duty-"));
            scheduler.setErrorHandler(e -> {
                if (Unanswered.isBehind(e)) {
                    log.debug("a duty waits for PostgreSQL", e);
                } else {
                    log.error("a duty failed; it is tried again at its next tick", e);
                }
            });
        };
    }
}
