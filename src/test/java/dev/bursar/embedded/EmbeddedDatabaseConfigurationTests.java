package dev.bursar.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

class EmbeddedDatabaseConfigurationTests {

    @TempDir
    Path home;

    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
            .withUserConfiguration(Parts.class);

    @Test
    void connectsTheServiceAsItsRuntimeRoleAndMigrationsAsOwner() {
        service.withPropertyValues("bursar.home=" + home, "bursar.embedded.postgres.programs=target/postgresql")
                .run(context -> {
                    var user = JdbcClient.create(context.getBean(DataSource.class))
                            .sql("select current_user")
                            .query(String.class)
                            .single();

                    assertThat(user).isEqualTo(PostgreSqlRoles.RUNTIME);
                    assertThat(context.getBean(FlywayConnectionDetails.class).getUsername())
                            .isEqualTo(PostgreSqlRoles.OWNER);
                });

        assertThat(new Postmaster(home.resolve("postgres/data")).living())
                .as("ends with the service")
                .isEmpty();
    }

    @Test
    void staysAwayWhenADatabaseIsConfigured() {
        service.withPropertyValues("bursar.home=" + home, "spring.datasource.url=jdbc:postgresql://elsewhere/bursar")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(EmbeddedPostgreSql.class);
                    assertThat(context.getBean(JdbcConnectionDetails.class).getJdbcUrl())
                            .contains("elsewhere");
                    assertThat(home).isEmptyDirectory();
                });
    }

    @Test
    void takesAnEmptyAddressForNone() {
        service.withPropertyValues(
                        "bursar.home=" + home,
                        "bursar.embedded.postgres.programs=target/postgresql",
                        "spring.datasource.url=")
                .run(context -> assertThat(context).hasSingleBean(EmbeddedPostgreSql.class));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(EmbeddedSettings.class)
    @Import({HomeConfiguration.class, EmbeddedDatabaseConfiguration.class})
    static class Parts {}
}
