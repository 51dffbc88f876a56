package dev.bursar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.engine.Engine;
import dev.bursar.engine.EngineSettings;
import dev.bursar.testing.ServiceTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The same service on a PostgreSQL and an S3 that are not ours, where a Docker engine answers; else skipped. */
@ServiceTest
@Testcontainers(disabledWithoutDocker = true)
class ContainersTests {

    @Container
    private static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:18");

    @Container
    private static final LocalStackContainer LOCALSTACK =
            new LocalStackContainer(DockerImageName.parse("localstack/localstack:4.4")).withServices("s3");

    private final String service;
    private final Path home;

    ContainersTests(Environment environment) {
        service = "http://localhost:" + environment.getRequiredProperty("local.server.port") + "/api/v1";
        home = Path.of(environment.getRequiredProperty("bursar.home"));
    }

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", POSTGRES::getJdbcUrl);
        properties.add("spring.datasource.username", POSTGRES::getUsername);
        properties.add("spring.datasource.password", POSTGRES::getPassword);
        properties.add("bursar.runtime-role", POSTGRES::getUsername);
        properties.add("bursar.engine.url", () -> Outside.ENGINE.endpoint().toString());
        properties.add("bursar.engine.s3-url", () -> LOCALSTACK.getEndpoint().toString());
        properties.add("bursar.engine.access-key-id", LOCALSTACK::getAccessKey);
        properties.add("bursar.engine.secret-access-key", LOCALSTACK::getSecretKey);
    }

    @AfterAll
    static void stopEngine() {
        Outside.ENGINE.close();
    }

    @Test
    void givesBackWhatWasUploaded() throws Exception {
        send("POST", "/labs", "{\"id\": \"box\", \"name\": \"Box\"}");
        send("POST", "/datasets", "{\"lab\": \"box\", \"name\": \"rows\"}");
        send("PUT", "/datasets/rows/files/a.csv?lab=box", "1,2\n0,1\n");

        assertThat(send("GET", "/datasets/rows/files/a.csv?lab=box", "")).isEqualTo("1,2\n0,1\n");
    }

    private String send(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(service + path))
                .method(method, BodyPublishers.ofString(body))
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(home.resolve("admin.key")).strip())
                .header("Content-Type", method.equals("POST") ? "application/json" : "text/csv")
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isBetween(200, 299);
        return answer.body();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("engine");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Started only where there is something to test. */
    private static final class Outside {

        private static final Engine ENGINE = Engine.start(EngineSettings.in(temporary()));
    }
}
