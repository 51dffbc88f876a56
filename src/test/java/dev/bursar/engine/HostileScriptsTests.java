// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;

/**
 * What a script gets that wants what is not its own. Each prints what it got; nothing of it may be there: in the log, in
 * what is collected, in the reason of a failure. Where this machine lets nobody confine anything, the engine has to say
 * so, and what is collected is still only the job's own.
 */
class HostileScriptsTests {

    private static final String ADMIN = "SECRET-of-the-admin";
    private static final String DATABASE = "SECRET-of-the-database";
    private static final String OTHER_LAB = "SECRET-of-another-lab";

    @TempDir
    static Path house;

    private static Lab lab;
    private static Lab open;
    private static List<Path> secrets = List.of();

    @BeforeAll
    static void furnishAHouse() throws IOException {
        var confinement = Confinement.automatic().hiding(house);
        lab = Lab.with(house.resolve("engine"), settings -> settings.withConfinement(confinement));
        open = Lab.with(house.resolve("open"), settings -> settings.withConfinement(Confinement.off()));
        var admin = Files.writeString(house.resolve("admin.key"), ADMIN);
        var password = Files.createDirectories(house.resolve("secrets")).resolve("postgres-runtime-password");
        Files.writeString(password, DATABASE);
        lab.put("labs/other/data.csv", OTHER_LAB);
        open.put("labs/other/data.csv", OTHER_LAB);
        secrets = List.of(admin, password, house.resolve("engine/keys.properties"), stored("engine"), stored("open"));
    }

    @AfterAll
    static void leave() {
        lab.close();
        open.close();
    }

    @Test
    void knowsWhetherChildrenAreConfined() {
        assertThat(open.engine.unconfined()).contains("It is switched off.");
        assertThat(lab.engine.confinement()).as("how, or why not").isNotBlank();
    }

    @Test
    void tellsWhoeverAsksWithoutAKey() throws Exception {
        var request = HttpRequest.newBuilder(open.engine.endpoint().resolve("/_engine/status"))
                .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"confinement\":{\"confined\":false,\"situation\":\"It is switched off.\"}}");
    }

    @Test
    void readsNoSecret() {
        var job = run(lab, "reads_secrets", Map.of("paths", paths(secrets)));

        assertThatNothingIsGot(job, "reads_secrets");
    }

    @Test
    void seesNoProcessButItsOwn() {
        run(lab, "reads_environments", Map.of());

        var log = log(lab, "reads-environments");
        if (lab.engine.unconfined().isEmpty()) {
            assertThat(log).contains("PROCESSES").doesNotContain(house.toString(), "postgres:", "surefire");
            assertThat(log.lines().filter(line -> line.startsWith("PROCESSES")).toList())
                    .first()
                    .satisfies(line -> assertThat(
                                    Integer.parseInt(line.substring(10).strip()))
                            .isLessThan(10));
        } else {
            assertThat(lab.engine.unconfined()).as("why not").isPresent();
        }
    }

    @Test
    void findsNoKeyThatOpensAnything() {
        var engine = String.valueOf(lab.engine.endpoint().getPort());
        var job = run(lab, "uses_found_keys", Map.of("engine", engine));

        assertThatNothingIsGot(job, "uses_found_keys");
        if (lab.engine.unconfined().isEmpty()) {
            assertThat(log(lab, "uses-found-keys")).contains("GOT []").doesNotContain("TrainingJobSummaries");
        }
    }

    @Test
    void leavesNoDaemon() {
        var marker = "marker-" + System.nanoTime();
        run(lab, "leaves_a_daemon", Map.of("marker", marker));

        if (lab.engine.unconfined().isEmpty()) {
            await().atMost(Duration.ofSeconds(5)).until(() -> processes(marker) == 0);
        } else {
            endAll(marker);
        }
    }

    @Test
    void forksUpToItsBound() {
        if (lab.engine.unconfined().isEmpty()) {
            run(lab, "forks", Map.of());

            assertThat(log(lab, "forks")).contains("STOPPED AT").doesNotContain("NEVER");
        } else {
            assertThat(lab.engine.unconfined()).as("why not").isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "single"})
    void fillsNoMoreThanItsVolume(String how) {
        var job = run(lab, "fills_the_disk", "fills-" + how, Map.of(how, ""));

        assertThat(job.failureReason() + log(lab, "fills-" + how))
                .containsAnyOf("No space left on device", "File too large")
                .doesNotContain("InternalServerError", house.toString());
    }

    @Test
    void writesNowhereElse() throws IOException {
        var targets = List.of(house.resolve("admin.key"), house.resolve("written"), Path.of("/var/tmp/written"));
        run(lab, "writes_outside", Map.of("paths", paths(targets)));

        if (lab.engine.unconfined().isEmpty()) {
            assertThat(log(lab, "writes-outside")).contains("nothing:").doesNotContain("WROTE");
        }
        assertThat(Files.readString(house.resolve("admin.key"))).isEqualTo(ADMIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"confined", "open"})
    void takesNoLinkOutOfWhatIsCollected(String how) {
        var where = how.equals("open") ? open : lab;
        var name = "leaves-links-" + how;
        var root = how.equals("open") ? "./" : "/opt/ml/";
        var folders = how.equals("open") ? "$SM_MODEL_DIR:$SM_OUTPUT_DATA_DIR" : root + "model:" + root + "output/data";
        var job = run(where, "leaves_links", name, Map.of("paths", paths(secrets), "folders", folders));

        assertThat(job.trainingJobStatusAsString()).as(job.failureReason()).isEqualTo("Completed");
        for (var archive : List.of("model.tar.gz", "output.tar.gz")) {
            var taken = where.unpacked("out/" + name + "/output/" + archive);
            assertThat(taken).containsEntry("own", "own").containsEntry("link-to-own", "own");
            assertThat(taken.keySet())
                    .noneMatch(file -> file.matches(".*(hard|link-\\d|pipe|device|environ|up-|socket).*"));
            assertThat(taken.toString()).doesNotContain("SECRET", where.settings.secretAccessKey());
        }
        assertThat(log(where, name))
                .contains("Not taken: /opt/ml/model/pipe is no file")
                .contains("Not taken: /opt/ml/model/environ is a link that leads out of /opt/ml.")
                .doesNotContain("SECRET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "hard", "pipe", "folder"})
    void tellsNothingOfASecretThatStandsForAFailure(String kind) {
        for (var where : List.of(lab, open)) {
            var folders = where == open ? "$SM_MODEL_DIR" : "/opt/ml/model";
            var job = run(
                    where,
                    "leaves_links",
                    "failure-" + kind,
                    Map.of("paths", paths(secrets), "folders", folders, "failure", kind));

            assertThat(job.trainingJobStatusAsString()).isEqualTo("Failed");
            assertThat(job.failureReason())
                    .startsWith("AlgorithmError")
                    .doesNotContain("SECRET", where.settings.secretAccessKey(), "Exception");
        }
    }

    private static void assertThatNothingIsGot(DescribeTrainingJobResponse job, String script) {
        var name = script.replace('_', '-');
        if (lab.engine.unconfined().isEmpty()) {
            assertThat(log(lab, name)).doesNotContain("SECRET", lab.settings.secretAccessKey());
            assertThat(String.valueOf(job.failureReason())).doesNotContain("SECRET");
        } else {
            assertThat(lab.engine.unconfined()).as("why not").isPresent();
        }
    }

    private static DescribeTrainingJobResponse run(Lab where, String script, Map<String, String> arguments) {
        return run(where, script, script.replace('_', '-'), arguments);
    }

    private static DescribeTrainingJobResponse run(
            Lab where, String script, String name, Map<String, String> arguments) {
        where.archive("code/" + name + ".tar.gz", Map.of(script + ".py", source(script)));
        where.create(name, request -> {
            var parameters = new TreeMap<String, String>(arguments);
            parameters.put("sagemaker_program", script + ".py");
            parameters.put("sagemaker_submit_directory", "s3://lab/code/" + name + ".tar.gz");
            request.hyperParameters(parameters)
                    .algorithmSpecification(
                            algorithm -> algorithm.trainingImage("mine:1").trainingInputMode("File"))
                    .resourceConfig(resources -> resources
                            .instanceType("ml.m5.large")
                            .instanceCount(1)
                            .volumeSizeInGB(1));
        });
        return where.ended(name);
    }

    private static String log(Lab where, String name) {
        return where.log(name);
    }

    private static String paths(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    private static Path stored(String engine) throws IOException {
        try (var files = Files.walk(house.resolve(engine))) {
            return files.filter(file -> file.endsWith("data.csv")).findFirst().orElseThrow();
        }
    }

    private static long processes(String marker) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(marker))
                .count();
    }

    private static void endAll(String marker) {
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(marker))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static String source(String script) {
        try (var in = HostileScriptsTests.class.getResourceAsStream("/hostile/" + script + ".py")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
