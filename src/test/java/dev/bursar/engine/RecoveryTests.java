package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

class RecoveryTests {

    @TempDir
    private Path folder;

    /** An engine in a JVM of its own, which starts a job and is then killed. */
    public static final class Victim {

        private Victim() {}

        public static void main(String[] args) {
            var lab = Lab.on(Path.of(args[0]));
            lab.script("orphan", "x.sh", args[1], request -> {});
            lab.until("orphan", job -> job.secondaryStatus() == SecondaryStatus.TRAINING);
            lab.script("finished", "x.sh", "exit 0", request -> {});
            lab.ended("finished");
            System.out.println("running");
            lab.until("orphan", Transition::isTerminal);
        }
    }

    @Test
    void keepsWhatItHasAnsweredOverARestart() {
        try (var lab = Lab.on(folder)) {
            lab.put("data/kept.txt", "kept");
            lab.script("kept", "x.sh", "echo hello; exit 0", request -> {});
            lab.ended("kept");
        }
        try (var lab = Lab.on(folder)) {
            assertThat(lab.describe("kept").trainingJobStatus()).isEqualTo(TrainingJobStatus.COMPLETED);
            assertThat(lab.log("kept")).isEqualTo("hello\n");
            assertThat(new String(lab.get("data/kept.txt"), StandardCharsets.UTF_8))
                    .isEqualTo("kept");
        }
    }

    @Test
    void adoptsAProcessThatOutlivedAKilledEngine() throws Exception {
        var go = folder.resolve("go");
        killVictim("echo ready; while [ ! -e " + go + " ]; do sleep 0.05; done; echo done > $SM_MODEL_DIR/m");

        try (var lab = Lab.on(folder)) {
            assertThat(lab.describe("finished").trainingJobStatus()).isEqualTo(TrainingJobStatus.COMPLETED);
            assertThat(lab.describe("orphan").trainingJobStatus()).isEqualTo(TrainingJobStatus.IN_PROGRESS);
            Files.createFile(go);
            var job = lab.ended("orphan");

            assertThat(job.failureReason()).isNull();
            assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.COMPLETED);
            assertThat(lab.unpacked("out/orphan/output/model.tar.gz")).isEqualTo(Map.of("m", "done\n"));
        }
        assertThat(starts("orphan")).isEqualTo(1);
    }

    @Test
    void learnsTheEndOfAProcessThatEndedWhileNoEngineRan() throws Exception {
        var go = folder.resolve("go");
        killVictim("while [ ! -e " + go + " ]; do sleep 0.05; done; exit 4");
        Files.createFile(go);
        var exit = folder.resolve("jobs/orphan/hosts/algo-1/exit");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(exit));

        try (var lab = Lab.on(folder)) {
            var job = lab.ended("orphan");

            assertThat(job.failureReason()).endsWith("exit code: 4");
            assertThat(job.trainingEndTime())
                    .isCloseTo(Files.getLastModifiedTime(exit).toInstant(), within(200, ChronoUnit.MILLIS));
        }
        assertThat(starts("orphan")).isEqualTo(1);
    }

    @Test
    void endsRunningJobsHonestlyWhenItIsClosedAndLetsWaitingOnesWait() throws IOException {
        Instant begin;
        try (var lab = Lab.with(folder, settings -> settings.withBounds(1, 512))) {
            lab.script("cut-off", "x.sh", "exec sleep 300", request -> {});
            lab.until("cut-off", job -> job.secondaryStatus() == SecondaryStatus.TRAINING);
            lab.script("waiting", "x.sh", "exit 0", request -> {});
            begin = Instant.now();
        }
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
        try (var lab = Lab.on(folder)) {
            var job = lab.describe("cut-off");

            assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.FAILED);
            assertThat(job.failureReason()).startsWith("InternalServerError: The engine was stopped");
            assertThat(job.billableTimeInSeconds()).isPositive();
            assertThat(lab.ended("waiting").trainingJobStatus()).isEqualTo(TrainingJobStatus.COMPLETED);
        }
        assertThat(starts("waiting")).isEqualTo(1);
    }

    @Test
    void twoEnginesDoNotShareAFolder() {
        try (var lab = Lab.on(folder)) {
            assertThatThrownBy(() -> Engine.start(lab.settings)).hasMessageContaining("another engine is running");
        }
    }

    private void killVictim(String script) throws IOException, InterruptedException {
        var victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        folder.toString(),
                        script)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = victim.inputReader()) {
            for (var line = lines.readLine(); line != null && !line.equals("running"); line = lines.readLine()) {
                assertThat(line).isNotNull();
            }
        } finally {
            victim.destroyForcibly().waitFor();
        }
    }

    private long starts(String job) throws IOException {
        try (var lines = Files.lines(folder.resolve("children.log"))) {
            return lines.filter(line -> line.contains(" " + job + " ")).count();
        }
    }
}
