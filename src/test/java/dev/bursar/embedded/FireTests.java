package dev.bursar.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.engine.Engine;
import dev.bursar.engine.EngineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two services on one PostgreSQL and one nasty engine, killed at random while they work. {@code proofs/run fire} is the long
 * form of it. The seed is printed; {@code -Dfire.seed=…} repeats it.
 */
@NullUnmarked
class FireTests {

    private static final int JOBS = 15;
    private static final int KILLS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern CREATED =
            Pattern.compile("CreateTrainingJob\".*\"resource\":\"([^\"]+)\".*\"outcome\":\"OK\"");

    private final long seed = Long.getLong("fire.seed", new Random().nextInt(1_000_000));
    private final Random chance = new Random(seed);
    private final Map<String, String> journal = new TreeMap<>();

    @TempDir
    Path folder;

    private Home home;
    private EmbeddedPostgreSql database;
    private Engine engine;
    private List<Replica> replicas;
    private String admin;
    private String ada;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        System.out.println("fire.seed=" + seed);
        home = Home.open(folder.resolve("database"));
        database = EmbeddedPostgreSql.start(home, EmbeddedPostgreSqlTests.anyPort(), () -> {});
        var engineFolder = Files.createDirectories(folder.resolve("engine"));
        Files.writeString(engineFolder.resolve("nastiness.json"), """
                {"seed": %d, "calls": {"throttlingRate": 0.2, "errorBeforeRate": 0.05, "errorAfterRate": 0.05,
                 "resetAfterRate": 0.1}}""".formatted(seed));
        var settings = EngineSettings.in(engineFolder).withBounds(8, 256);
        engine = Engine.start(settings);
        replicas = List.of(
                new Replica(folder.resolve("first"), settings(settings)),
                new Replica(folder.resolve("second"), settings(settings)));
        replicas.get(0).start();
        await().atMost(PATIENCE).until(replicas.get(0)::isHealthy);
        admin = replicas.get(0).adminKey();
        replicas.get(1).start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (var replica : replicas) {
            replica.kill();
        }
        engine.close();
        database.close();
        home.close();
    }

    @Test
    void losesNothingAndStartsNothingTwice() throws IOException, InterruptedException, SQLException {
        openLab();

        var killer = new Thread(this::killAtRandom);
        killer.start();
        submitAll();
        killer.join();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> rows("""
                select id from workload where settled_at is null""").isEmpty());

        assertThat(rows("select id from workload")).containsExactlyInAnyOrderElementsOf(journal.values());
        assertThat(rows("select distinct state from workload")).containsExactly("COMPLETED");
        assertThat(created()).doesNotHaveDuplicates();
        assertThat(made())
                .as("names that exist")
                .isEqualTo(rows("select sagemaker_name from workload where attempt = 1 order by 1"));
        assertThat(rows("select what from ledger_difference")).isEmpty();
        assertThat(rows("select held from budget_window")).containsExactly("0.000000");
    }

    private void openLab() throws IOException, InterruptedException {
        ask("POST", "/api/v1/labs", "{\"id\": \"chem\", \"name\": \"Chemistry\"}", admin);
        ask("POST", "/api/v1/labs/chem/members", "{\"id\": \"ada\", \"name\": \"Ada\", \"role\": \"MEMBER\"}", admin);
        ask("POST", "/api/v1/budgets", "{\"lab\": \"chem\", \"name\": \"grant\", \"amount\": 20}", admin);
        var key =
                ask("POST", "/api/v1/api-keys", "{\"lab\": \"chem\", \"member\": \"ada\", \"label\": \"fire\"}", admin);
        ada = member(key, "secret");
        ask("POST", "/api/v1/datasets", "{\"name\": \"code\"}", ada);
        ask("PUT", "/api/v1/datasets/code/files/work.sh", "sleep 1", ada);
    }

    private void submitAll() {
        for (var number = 0; number < JOBS; number++) {
            var key = "job-" + number;
            var answer = untilAnswered("""
                    {"kind": "training", "name": "%s",
                     "algorithm": {"framework": "scikit-learn", "version": "1.2-1",
                                   "script": {"dataset": "code", "path": "work.sh"}},
                     "inputs": {"train": {"dataset": "code", "path": "work.sh"}},
                     "compute": {"instanceType": "ml.m5.large"}, "maxRuntime": "PT10M"}""".formatted(key), key);
            journal.put(key, member(answer, "id"));
        }
    }

    /** From replica to replica until one says that it has it, always under the same key. */
    private String untilAnswered(String body, String key) {
        return await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> {
                            var replica = replicas.get(chance.nextInt(2));
                            var answer = replica.send("POST", "/api/v1/jobs", body, ada, key);
                            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                            return answer.body();
                        },
                        answer -> !answer.isEmpty());
    }

    /** The sleep is the random moment; nothing is waited for by it. */
    private void killAtRandom() {
        try {
            for (var kill = 0; kill < KILLS; kill++) {
                Thread.sleep(1000 + chance.nextInt(3000));
                var replica = replicas.get(kill % 2);
                await().atMost(PATIENCE).until(replica::isHealthy);
                replica.kill();
                replica.start();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String ask(String method, String path, String body, String key) throws IOException, InterruptedException {
        var answer = replicas.get(0).send(method, path, body, key, method + path);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return answer.body();
    }

    /** What the engine says it created. Where it hung up afterwards it says so and not this, so there may be fewer. */
    private List<String> created() throws IOException {
        try (var lines = Files.lines(folder.resolve("engine/requests.log"))) {
            return lines.map(CREATED::matcher)
                    .filter(Matcher::find)
                    .map(found -> found.group(1))
                    .collect(Collectors.toList());
        }
    }

    private List<String> made() throws IOException {
        try (var jobs = Files.list(folder.resolve("engine/jobs"))) {
            return jobs.map(job -> job.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> rows(String query) throws SQLException {
        try (var owner = DriverManager.getConnection(database.url(), PostgreSqlRoles.OWNER, database.ownerPassword());
                var found = owner.createStatement().executeQuery(query)) {
            var rows = new ArrayList<String>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        }
    }

    private List<String> settings(EngineSettings engineSettings) {
        var all = Map.ofEntries(
                Map.entry("spring.datasource.url", database.url()),
                Map.entry("spring.datasource.username", PostgreSqlRoles.RUNTIME),
                Map.entry("spring.datasource.password", database.runtimePassword()),
                Map.entry("spring.flyway.user", PostgreSqlRoles.OWNER),
                Map.entry("spring.flyway.password", database.ownerPassword()),
                Map.entry("bursar.engine.url", engine.endpoint().toString()),
                Map.entry("bursar.engine.s3-url", engine.s3Endpoint().toString()),
                Map.entry("bursar.engine.access-key-id", engineSettings.accessKeyId()),
                Map.entry("bursar.engine.secret-access-key", engineSettings.secretAccessKey()),
                Map.entry("bursar.workload.claim", "PT5S"),
                Map.entry("bursar.workload.send-margin", "PT2S"),
                Map.entry("bursar.workload.unknown", "PT10S"),
                Map.entry("bursar.workload.capacity-retry", "PT1S"));
        return all.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    private static String member(String json, String name) {
        var found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
        assertThat(found.find()).as(json).isTrue();
        return found.group(1);
    }
}
