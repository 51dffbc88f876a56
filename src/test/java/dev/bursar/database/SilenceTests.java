package dev.bursar.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.bursar.testing.ServiceTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** PostgreSQL is stopped as it is, with all its connections open, and answers nobody; later it goes on. */
@ServiceTest
@DirtiesContext
@TestPropertySource(properties = "bursar.database.silence=1s")
class SilenceTests {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final DataSource database;
    private final String key;
    private final Path home;
    private final int port;

    SilenceTests(DataSource database, @Value("${bursar.home}") Path home, @Value("${local.server.port}") int port)
            throws IOException {
        this.database = database;
        this.home = home;
        this.port = port;
        this.key = Files.readString(home.resolve("admin.key")).strip();
    }

    @AfterEach
    void goOn() throws Exception {
        signal("CONT");
    }

    @Test
    void tellsEverybodyAndGoesOnWithTheFirstAnswer() throws Exception {
        assertThat(get("/api/v1/labs").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);

        signal("STOP");
        var asked = IntStream.range(0, 30)
                .mapToObj(number -> HTTP.sendAsync(request("/api/v1/labs"), BodyHandlers.ofString()))
                .toList();

        assertThat(asked.stream().map(CompletableFuture::join)).allSatisfy(SilenceTests::isRefused);
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
        assertThat(get("/actuator/health").body()).contains("\"status\":\"DOWN\"");
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/prometheus").statusCode()).isEqualTo(200);
        isRefused(get("/api/v1/labs"));

        signal("CONT");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/actuator/health/readiness").statusCode() == 200);
        assertThat(get("/api/v1/labs").statusCode()).isEqualTo(200);
    }

    @Test
    void cutsWhatIsUnderWay() throws Exception {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            signal("STOP");

            assertThatThrownBy(() -> statement.execute("select 1"))
                    .isInstanceOf(SQLException.class)
                    .matches(Unanswered::isBehind);
        }
    }

    private static void isRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("/problems/database-unavailable");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path), BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
        if (path.startsWith("/api")) {
            request.header("Authorization", "Bearer " + key);
        }
        return request.build();
    }

    /** To the server and all its processes. */
    private void signal(String name) throws IOException, InterruptedException {
        var first = Files.readAllLines(home.resolve("postgres/data/postmaster.pid"));
        var postmaster = ProcessHandle.of(Long.parseLong(first.get(0).strip())).orElseThrow();
        for (var process :
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList()) {
            new ProcessBuilder(List.of("kill", "-" + name, Long.toString(process.pid())))
                    .start()
                    .waitFor();
        }
    }
}
