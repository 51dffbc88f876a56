// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.engine.processing.ProcessingJobs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.sagemaker.model.CreateProcessingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ProcessingInput;
import software.amazon.awssdk.services.sagemaker.model.ProcessingJobStatus;
import software.amazon.awssdk.services.sagemaker.model.ProcessingOutput;
import software.amazon.awssdk.services.sagemaker.model.Tag;

class ProcessingTests {

    private static final String COUNTS = """
            import json, sys
            lines = open("/opt/ml/processing/input/data/rows.txt").read().split()
            config = json.load(open("/opt/ml/config/processingjobconfig.json"))
            with open("/opt/ml/processing/output/count.txt", "w") as f:
                f.write("%d %s %s" % (len(lines), sys.argv[1], config["ProcessingJobName"]))
            open("/opt/ml/output/message", "w").write("counted")
            """;

    private static Lab lab;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.with(folder, settings -> settings.withBounds(2, 512).withClock(new FastClock(20)));
        lab.put("rows/rows.txt", "a\nb\nc\n");
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void runsAScriptOnItsInputsAndTakesItsOutputs() {
        run(
                "counts",
                COUNTS,
                request -> request.processingInputs(
                                input("code", "code/counts.py", "/opt/ml/processing/input/code"),
                                input("data", "rows/", "/opt/ml/processing/input/data"))
                        .appSpecification(app -> app.imageUri("any:1")
                                .containerEntrypoint("python3", "/opt/ml/processing/input/code/counts.py")
                                .containerArguments("argument"))
                        .tags(Tag.builder().key("team").value("x").build()));
        var waited = lab.sagemaker
                .waiter()
                .waitUntilProcessingJobCompletedOrStopped(
                        request -> request.processingJobName("counts"),
                        config -> config.backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(100))))
                .matched()
                .response()
                .orElseThrow();

        assertThat(waited.failureReason()).isNull();
        assertThat(waited.processingJobStatus()).isEqualTo(ProcessingJobStatus.COMPLETED);
        assertThat(waited.exitMessage()).isEqualTo("counted");
        assertThat(waited.processingEndTime()).isAfterOrEqualTo(waited.processingStartTime());
        assertThat(text("out/counts/count.txt")).isEqualTo("3 argument counts");
        assertThat(lab.sagemaker
                        .listTags(request -> request.resourceArn(waited.processingJobArn()))
                        .tags())
                .extracting(tag -> tag.key())
                .containsExactly("team");
    }

    @Test
    void aScriptThatFailsFailsTheJobWithItsWords() {
        shell("fails", "echo broken >&2; exit 3", request -> {});
        var job = ended("fails");

        assertThat(job.processingJobStatus()).isEqualTo(ProcessingJobStatus.FAILED);
        assertThat(job.failureReason()).isEqualTo("AlgorithmError: broken, exit code: 3");
        assertThat(log("fails")).contains("broken");
    }

    @Test
    void showsContinuousOutputsWhileTheJobRuns() {
        shell(
                "continuous",
                "echo one > /opt/ml/processing/output/one.txt; exec sleep 300",
                request ->
                        request.processingOutputConfig(config -> config.outputs(output("continuous", "Continuous"))));
        await().atMost(Duration.ofSeconds(20)).until(() -> lab.keys("out/continuous/"), keys -> !keys.isEmpty());
        lab.sagemaker.stopProcessingJob(request -> request.processingJobName("continuous"));

        assertThat(ended("continuous").processingJobStatus()).isEqualTo(ProcessingJobStatus.STOPPED);
        assertThat(text("out/continuous/one.txt")).isEqualTo("one\n");
    }

    @Test
    void stopsAtMaxRuntime() {
        shell(
                "overdue",
                "exec sleep 300",
                request -> request.stoppingCondition(condition -> condition.maxRuntimeInSeconds(20)));
        var job = ended("overdue");

        assertThat(job.processingJobStatus()).isEqualTo(ProcessingJobStatus.STOPPED);
        assertThat(Duration.between(job.processingStartTime(), job.processingEndTime()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void refusesWhatSageMakerRefuses() {
        shell("taken", "exit 0", request -> {});
        ended("taken");

        assertThat(lab.refusal(() -> shell("taken", "exit 0", request -> {})))
                .isEqualTo("ResourceInUse: Job name must be unique within an AWS account and region, and a job with"
                        + " this name already exists (arn:aws:sagemaker:eu-west-1:123456789012:processing-job/taken)");
        assertThat(lab.refusal(
                        () -> lab.sagemaker.describeProcessingJob(request -> request.processingJobName("nobody"))))
                .isEqualTo("ValidationException: Could not find requested job with name: nobody");
        assertThat(lab.refusal(() -> lab.sagemaker.stopProcessingJob(request -> request.processingJobName("nobody"))))
                .isEqualTo("ValidationException: Could not find job to update with name: nobody");
        assertThat(lab.refusal(() -> lab.sagemaker.stopProcessingJob(request -> request.processingJobName("taken"))))
                .isEqualTo("ValidationException: The request was rejected because the processing job is in status"
                        + " Completed.");
        assertThat(lab.refusal(() -> shell(
                        "astray",
                        "exit 0",
                        request -> request.processingInputs(input("data", "rows/", "/opt/ml/processing/../../x")))))
                .startsWith("ValidationException: LocalPath must start with /opt/ml/processing/");
        assertThat(lab.refusal(() -> shell(
                        "none",
                        "exit 0",
                        request -> request.processingResources(
                                resources -> resources.clusterConfig(cluster -> cluster.instanceCount(0)
                                        .instanceType("ml.m5.large")
                                        .volumeSizeInGB(1))))))
                .isEqualTo("ValidationException: 1 validation error detected: Value '0' at"
                        + " 'processingResources.clusterConfig.instanceCount' failed to satisfy constraint: Member"
                        + " must have value greater than or equal to 1");
    }

    @Test
    void deletesWhatHasEndedAndListsTheRest() {
        shell("deleted", "exit 0", request -> {});
        ended("deleted");
        lab.sagemaker.deleteProcessingJob(request -> request.processingJobName("deleted"));
        shell("listed", "exec sleep 300", request -> {});

        assertThat(lab.refusal(() -> lab.sagemaker.deleteProcessingJob(request -> request.processingJobName("listed"))))
                .startsWith("ResourceInUse: ");
        assertThat(lab.sagemaker
                        .listProcessingJobs(
                                request -> request.nameContains("ted").statusEquals("InProgress"))
                        .processingJobSummaries())
                .extracting(summary -> summary.processingJobName())
                .containsExactly("listed");
        lab.sagemaker.stopProcessingJob(request -> request.processingJobName("listed"));
        assertThat(ended("listed").processingJobStatus()).isEqualTo(ProcessingJobStatus.STOPPED);
    }

    @Test
    void failsWhenAnInputIsMissing() {
        shell(
                "missing",
                "exit 0",
                request -> request.processingInputs(input("data", "nowhere/", "/opt/ml/processing/input")));

        assertThat(ended("missing").failureReason())
                .isEqualTo("ClientError: Data download failed: No S3 objects found under s3://lab/nowhere/");
    }

    private static void shell(String name, String script, Consumer<CreateProcessingJobRequest.Builder> more) {
        run(name, "", request -> {
            request.appSpecification(app -> app.imageUri("any:1").containerEntrypoint("sh", "-c", script));
            more.accept(request);
        });
    }

    private static void run(String name, String code, Consumer<CreateProcessingJobRequest.Builder> more) {
        lab.put("code/" + name + ".py", code);
        lab.sagemaker.createProcessingJob(request -> {
            request.processingJobName(name)
                    .roleArn("arn:aws:iam::123456789012:role/lab")
                    .processingResources(resources -> resources.clusterConfig(cluster ->
                            cluster.instanceCount(1).instanceType("ml.m5.large").volumeSizeInGB(1)))
                    .processingOutputConfig(config -> config.outputs(output(name, "EndOfJob")));
            more.accept(request);
        });
    }

    private static ProcessingInput input(String name, String key, String path) {
        return ProcessingInput.builder()
                .inputName(name)
                .s3Input(s3 -> s3.s3Uri("s3://lab/" + key)
                        .localPath(path)
                        .s3DataType("S3Prefix")
                        .s3InputMode("File"))
                .build();
    }

    private static ProcessingOutput output(String name, String mode) {
        return ProcessingOutput.builder()
                .outputName("out")
                .s3Output(s3 -> s3.s3Uri("s3://lab/out/" + name)
                        .localPath("/opt/ml/processing/output")
                        .s3UploadMode(mode))
                .build();
    }

    private static DescribeProcessingJobResponse ended(String name) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(30))
                .until(
                        () -> lab.sagemaker.describeProcessingJob(request -> request.processingJobName(name)),
                        ProcessingJobs::isTerminal);
    }

    private static String text(String key) {
        return new String(lab.get(key), StandardCharsets.UTF_8);
    }

    private static List<String> log(String name) {
        var stream = lab.logs
                .describeLogStreams(request ->
                        request.logGroupName("/aws/sagemaker/ProcessingJobs").logStreamNamePrefix(name + "/"))
                .logStreams()
                .get(0)
                .logStreamName();
        return lab
                .logs
                .getLogEvents(request -> request.logGroupName("/aws/sagemaker/ProcessingJobs")
                        .logStreamName(stream)
                        .startFromHead(true))
                .events()
                .stream()
                .map(event -> event.message())
                .toList();
    }
}
