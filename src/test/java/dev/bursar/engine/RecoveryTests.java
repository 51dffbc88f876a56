// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bursar.engine.training.TrainingHistory;
import dev.bursar.engine.transform.TransformJobs;
import dev.bursar.engine.tuning.TuningJobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
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
            lab.until("orphan", TrainingHistory::isTerminal);
        }
    }

    /** An engine in a JVM of its own with an endpoint, a tuning job, a batch and a processing job at work. */
    public static final class Busy {

        private static final String SERVES = "def model_fn(d):\n  return 1\n"
                + "def transform_fn(m, body, c, a):\n  import time\n  time.sleep(len(body) / 2)\n  return body, 'text/plain'";

        private Busy() {}

        public static void main(String[] args) {
            var lab = Lab.on(Path.of(args[0]));
            lab.endpoint("served", SERVES);
            lab.settled("served");
            lab.put("objects/a.txt", "aaaa");
            lab.put("objects/b.txt", "bbbb");
            lab.sagemaker.createTransformJob(request -> request.transformJobName("batch")
                    .modelName("served")
                    .transformInput(input -> input.contentType("text/plain")
                            .dataSource(source -> source.s3DataSource(
                                    s3 -> s3.s3DataType("S3Prefix").s3Uri("s3://lab/objects/"))))
                    .transformOutput(output -> output.s3OutputPath("s3://lab/out/batch"))
                    .transformResources(
                            resources -> resources.instanceType("ml.m5.large").instanceCount(1)));
            lab.archive("code/slow.tar.gz", Map.of("x.sh", "sleep 1; echo \"value=$SM_HP_X;\""));
            TuningTests.tune(
                    lab,
                    "tuned",
                    "s3://lab/code/slow.tar.gz",
                    limits -> limits.maxNumberOfTrainingJobs(5).maxParallelTrainingJobs(1));
            Awaitility.await()
                    .until(() -> lab.sagemaker
                                    .describeHyperParameterTuningJob(
                                            request -> request.hyperParameterTuningJobName("tuned"))
                                    .trainingJobStatusCounters()
                                    .completed()
                            == 1);
            System.out.println("running");
            Awaitility.await().forever().until(() -> false);
        }
    }

    /** An engine in a JVM of its own with trials of the built-in XGBoost in warm JVMs. */
    public static final class Warm {

        private Warm() {}

        public static void main(String[] args) {
            var lab = Lab.on(Path.of(args[0]));
            lab.put("data/train.csv", Lab.csv(300, 5, 1));
            lab.put("data/validation.csv", Lab.csv(100, 5, 2));
            TuningTests.tuneXGBoost(lab, "warm", "3000", 3);
            Awaitility.await()
                    .until(() ->
                            lab
                                    .sagemaker
                                    .listTrainingJobs(request -> request.nameContains("warm"))
                                    .trainingJobSummaries()
                                    .stream()
                                    .anyMatch(job ->
                                            lab.describe(job.trainingJobName()).secondaryStatus()
                                                    == SecondaryStatus.TRAINING));
            System.out.println("running");
            Awaitility.await().forever().until(() -> false);
        }
    }

    @Test
    void aTrialInAWarmJvmOutlivesAKilledEngine() throws Exception {
        kill(Warm.class.getName());

        try (var lab = Lab.on(folder)) {
            var tuning = Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> lab.sagemaker.describeHyperParameterTuningJob(
                                    request -> request.hyperParameterTuningJobName("warm")),
                            TuningJobs::isTerminal);

            var counters = tuning.trainingJobStatusCounters();
            assertThat(counters.completed() + counters.retryableError()).isEqualTo(3);
            assertThat(counters.completed()).isGreaterThanOrEqualTo(2);
        }
        try (var lines = Files.lines(folder.resolve("children.log"))) {
            assertThat(lines.map(line -> line.split(" ", -1)[1]).filter(job -> job.startsWith("warm-")))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void goesOnWithEveryKindOfWorkAfterAKill() throws Exception {
        kill(Busy.class.getName());

        try (var lab = Lab.on(folder)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> lab.invoke("served", "x", Map.of("Content-Type", "text/plain"))
                                    .status()
                            == 200);
            var tuning = Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(
                            () -> lab.sagemaker.describeHyperParameterTuningJob(
                                    request -> request.hyperParameterTuningJobName("tuned")),
                            TuningJobs::isTerminal);
            var batch = Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(
                            () -> lab.sagemaker.describeTransformJob(request -> request.transformJobName("batch")),
                            TransformJobs::isTerminal);

            assertThat(tuning.failureReason()).isNull();
            // A trial that was just being started when the engine died is never started twice: it fails as retryable.
            var counters = tuning.trainingJobStatusCounters();
            assertThat(counters.completed() + counters.retryableError()).isEqualTo(5);
            assertThat(counters.completed()).isGreaterThanOrEqualTo(3);
            assertThat(batch.failureReason()).isNull();
            assertThat(lab.keys("out/batch/")).containsExactly("out/batch/a.txt.out", "out/batch/b.txt.out");
        }
        assertThat(starts("served")).isEqualTo(1);
        try (var lines = Files.lines(folder.resolve("children.log"))) {
            assertThat(lines.map(line -> line.split(" ", -1)[1]).filter(job -> job.startsWith("tuned-")))
                    .hasSizeBetween(3, 5)
                    .doesNotHaveDuplicates();
        }
        try (var lines = Files.lines(folder.resolve("children.log"))) {
            assertThat(lines.map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                            .filter(pid -> ProcessHandle.of(pid)
                                    .filter(RecoveryTests::isRunning)
                                    .isPresent()))
                    .isEmpty();
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
        var go = folder.resolve("jobs/orphan/hosts/algo-1/home/go");
        killVictim("echo ready; while [ ! -e $HOME/go ]; do sleep 0.05; done; echo done > $SM_MODEL_DIR/m");

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
        var go = folder.resolve("jobs/orphan/hosts/algo-1/home/go");
        killVictim("while [ ! -e $HOME/go ]; do sleep 0.05; done; exit 4");
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

    /** Not dead, nor dead and unreaped. */
    private static boolean isRunning(ProcessHandle process) {
        try {
            return !Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                    .contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }

    private void killVictim(String script) throws IOException, InterruptedException {
        kill(Victim.class.getName(), script);
    }

    /** Starts an engine in a JVM of its own and kills it when it says that it is at work. */
    private void kill(String main, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main,
                folder.toString()));
        command.addAll(List.of(arguments));
        var victim = new ProcessBuilder(command)
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
