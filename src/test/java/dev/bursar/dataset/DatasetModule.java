package dev.bursar.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** The module with what lies below it, on a PostgreSQL and an S3 of its own, and a fresh lab for every test. */
@ApplicationModuleTest(mode = BootstrapMode.DIRECT_DEPENDENCIES, webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(LocalSurroundings.class)
@TestPropertySource(
        properties = {
            "bursar.dataset.max-file-size=12MB",
            "spring.flyway.placeholders.runtimeRole=postgres",
            "spring.mvc.formcontent.filter.enabled=false"
        })
abstract class DatasetModule {

    static final LocalS3 S3 = LocalSurroundings.S3;
    private static Path home = Path.of("unset");

    private final int port;
    final JdbcClient jdbc;
    String lab = "";
    private @Nullable Api api;

    DatasetModule(int port, JdbcClient jdbc) {
        this.port = port;
        this.jdbc = jdbc;
    }

    @DynamicPropertySource
    static void surroundings(DynamicPropertyRegistry registry) throws IOException {
        var database = EmbeddedPostgres.start();
        home = Files.createTempDirectory("bursar-home");
        registry.add("spring.datasource.url", () -> database.getJdbcUrl("postgres", "postgres"));
        registry.add("spring.datasource.username", () -> "postgres");
        registry.add("bursar.home", () -> home.toString());
    }

    @BeforeEach
    void openALabWithADataset() throws IOException {
        lab = "lab-" + new Random().nextInt(1, 1_000_000_000);
        api = new Api(port, Files.readString(home.resolve("admin.key")).strip());
        assertThat(api().post("/labs", "{\"id\":\"%s\",\"name\":\"A lab\"}".formatted(lab))
                        .statusCode())
                .isEqualTo(201);
        assertThat(api().post("/datasets", "{\"name\":\"biopsies\",\"lab\":\"%s\"}".formatted(lab))
                        .statusCode())
                .isEqualTo(201);
    }

    final Api api() {
        return Objects.requireNonNull(api);
    }
}
