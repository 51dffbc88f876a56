// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.algorithm.XGBoost;
import dev.bursar.engine.transform.TransformJobs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.sagemaker.model.CreateTransformJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;
import software.amazon.awssdk.services.sagemaker.model.TransformInput;
import software.amazon.awssdk.services.sagemaker.model.TransformJobStatus;

class TransformTests {

    /** Answers with the number of lines; refuses a body with the word bad. */
    private static final String COUNTS = """
            import time
            def model_fn(d):
                return None
            def transform_fn(model, body, content_type, accept):
                if "bad" in body:
                    raise ValueError("bad input")
                if "slow" in body:
                    time.sleep(100)
                return str(len(body.splitlines())), "text/plain"
            """;

    /** Answers once two requests are there together; with how many there were at most. */
    private static final String PAIRS = """
            import threading
            lock, pair = threading.Lock(), threading.Barrier(2, timeout=30)
            inside, most = 0, 0
            def model_fn(d):
                return None
            def transform_fn(model, body, content_type, accept):
                global inside, most
                with lock:
                    inside += 1
                    most = max(most, inside)
                pair.wait()
                with lock:
                    inside -= 1
                return str(most), "text/plain"
            """;

    private static Lab lab;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.with(folder, settings -> settings.withBounds(2, 512).withClock(new FastClock(5)));
        lab.archive("models/counts.tar.gz", Map.of("code/inference.py", COUNTS));
        lab.model("counts", "models/counts.tar.gz", "any:1", Map.of());
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void sendsWholeObjectsAndNamesTheResultsAfterThem() {
        lab.put("whole/a.txt", "1\n2\n");
        lab.put("whole/sub/b.txt", "1\n2\n3\n");
        create("whole", "counts", request -> {});
        var job = lab.sagemaker
                .waiter()
                .waitUntilTransformJobCompletedOrStopped(
                        request -> request.transformJobName("whole"),
                        config -> config.backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(100))))
                .matched()
                .response()
                .orElseThrow();

        assertThat(job.failureReason()).isNull();
        assertThat(job.transformJobStatus()).isEqualTo(TransformJobStatus.COMPLETED);
        assertThat(job.transformEndTime()).isAfterOrEqualTo(job.transformStartTime());
        assertThat(lab.keys("out/whole/")).containsExactly("out/whole/a.txt.out", "out/whole/sub/b.txt.out");
        assertThat(text("out/whole/sub/b.txt.out")).isEqualTo("3");
    }

    @Test
    void splitsIntoLinesOneByOneOrTogetherAndAssembles() {
        lab.put("single/a.txt", "x\ny\nz\n");
        create(
                "single",
                "counts",
                request -> request.batchStrategy("SingleRecord")
                        .transformInput(input("single", "Line"))
                        .transformOutput(output -> output.s3OutputPath("s3://lab/out/single")
                                .assembleWith("Line")
                                .accept("text/plain")));
        lab.put("multi/a.txt", ("x".repeat(1023) + "\n").repeat(1500));
        create(
                "multi",
                "counts",
                request ->
                        request.batchStrategy("MultiRecord").maxPayloadInMB(1).transformInput(input("multi", "Line")));

        assertThat(ended("single").failureReason()).isNull();
        assertThat(text("out/single/a.txt.out")).isEqualTo("1\n1\n1\n");
        assertThat(ended("multi").failureReason()).isNull();
        assertThat(text("out/multi/a.txt.out")).isEqualTo("1024" + "476");
    }

    @Test
    void keepsTheOtherObjectsWhenOneFails() {
        lab.put("some/bad.txt", "bad");
        lab.put("some/good.txt", "good");
        create("some", "counts", request -> request.modelClientConfig(client -> client.invocationsMaxRetries(0)));
        var job = ended("some");

        assertThat(job.transformJobStatus()).isEqualTo(TransformJobStatus.FAILED);
        assertThat(job.failureReason())
                .isEqualTo("ClientError: 1 of 2 objects failed; the first: s3://lab/some/bad.txt: 500: ValueError: bad"
                        + " input");
        assertThat(lab.keys("out/some/")).containsExactly("out/some/good.txt.out");
    }

    @Test
    void sendsSoManyRequestsAtATimeAndNoMore() {
        lab.archive("models/pairs.tar.gz", Map.of("code/inference.py", PAIRS));
        lab.model("pairs", "models/pairs.tar.gz", "any:1", Map.of());
        lab.put("pairs/a.txt", "1\n2\n3\n4\n");
        lab.put("pairs/b.txt", "1\n2\n3\n4\n");
        create(
                "pairs",
                "pairs",
                request -> request.maxConcurrentTransforms(2)
                        .batchStrategy("SingleRecord")
                        .modelClientConfig(client -> client.invocationsMaxRetries(0))
                        .transformInput(input("pairs", "Line")));

        assertThat(ended("pairs").failureReason()).isNull();
        assertThat(text("out/pairs/a.txt.out")).isEqualTo("2222");
        assertThat(text("out/pairs/b.txt.out")).isEqualTo("2222");
    }

    @Test
    void failsAnObjectThatIsLargerThanTheLargestPayload() {
        lab.put("large/a.txt", "x".repeat(1024 * 1024 + 1));
        lab.put("large/b.txt", "x");
        create("large", "counts", request -> request.maxPayloadInMB(1));

        assertThat(ended("large").failureReason())
                .isEqualTo("ClientError: 1 of 2 objects failed; the first: s3://lab/large/a.txt: 1048577 bytes are more"
                        + " than MaxPayloadInMB=1 allows; use SplitType Line");
        assertThat(lab.keys("out/large/")).containsExactly("out/large/b.txt.out");
    }

    @Test
    void aStoppedJobStoresNothing() {
        lab.put("stopped/a.txt", "fine");
        lab.put("stopped/b.txt", "slow");
        create(
                "stopped",
                "counts",
                request -> request.modelClientConfig(
                        client -> client.invocationsTimeoutInSeconds(3).invocationsMaxRetries(3)));
        await().until(() -> lab.sagemaker
                        .describeTransformJob(request -> request.transformJobName("stopped"))
                        .transformStartTime()
                != null);
        lab.sagemaker.stopTransformJob(request -> request.transformJobName("stopped"));

        assertThat(ended("stopped").transformJobStatus()).isEqualTo(TransformJobStatus.STOPPED);
        assertThat(lab.keys("out/stopped/")).isEmpty();
    }

    @Test
    void transformsWithABuiltInModel() {
        lab.put("data/train.csv", Lab.csv(200, 4, 1));
        lab.xgboost("boosted", Map.of("num_round", "3", "objective", "binary:logistic"));
        lab.model(
                "boosted",
                "out/boosted/output/model.tar.gz",
                XGBoost.imageUri(Lab.REGION, "1.7-1").orElseThrow(),
                Map.of());
        lab.put("rows/rows.csv", "2,2,2,0\n-2,-2,-2,0\n");
        create(
                "boosted",
                "boosted",
                request -> request.transformInput(input("rows", "Line").toBuilder()
                        .contentType("text/csv")
                        .build()));

        assertThat(ended("boosted").failureReason()).isNull();
        assertThat(text("out/boosted/rows.csv.out")).matches("0\\.[5-9]\\d*\n0\\.[0-4]\\d*\n");
    }

    @Test
    void refusesWhatSageMakerRefuses() {
        lab.put("taken/a.txt", "x");
        create("taken", "counts", request -> {});
        ended("taken");

        assertThat(lab.refusal(() -> create("taken", "counts", request -> {})))
                .isEqualTo("ResourceInUse: Job name must be unique within an AWS account and region, and a job with"
                        + " this name already exists (arn:aws:sagemaker:eu-west-1:123456789012:transform-job/taken)");
        assertThat(lab.refusal(() -> create("none", "nobody", request -> {})))
                .isEqualTo("ValidationException: Could not find model"
                        + " \"arn:aws:sagemaker:eu-west-1:123456789012:model/nobody\".");
        assertThat(lab.refusal(() -> create("nothing", "counts", request -> {})))
                .isEqualTo("ValidationException: No S3 objects found under S3 URL \"s3://lab/nothing/\" given in input"
                        + " data source. Please ensure that the bucket exists in the selected region (eu-west-1), that"
                        + " objects exist under that S3 prefix, and that the role \"arn:aws:iam::123456789012:role/lab\""
                        + " has \"s3:ListBucket\" permissions on bucket \"lab\".");
        assertThat(lab.refusal(() -> create(
                        "taken2",
                        "counts",
                        request -> request.maxConcurrentTransforms(20).maxPayloadInMB(6))))
                .startsWith("ValidationException: MaxConcurrentTransforms * MaxPayloadInMB must be at most 100 MB");
        assertThat(lab.refusal(() -> lab.sagemaker.stopTransformJob(request -> request.transformJobName("taken"))))
                .isEqualTo("ValidationException: The request was rejected because the transform job is in status"
                        + " Completed.");
        assertThat(lab.refusal(() -> lab.sagemaker.stopTransformJob(request -> request.transformJobName("nobody"))))
                .isEqualTo("ValidationException: Could not find job to update with name: nobody");
        assertThat(lab.sagemaker
                        .listTransformJobs(
                                request -> request.nameContains("taken").statusEquals("Completed"))
                        .transformJobSummaries())
                .extracting(summary -> summary.transformJobName())
                .containsExactly("taken");
    }

    private static void create(String name, String model, Consumer<CreateTransformJobRequest.Builder> more) {
        lab.sagemaker.createTransformJob(request -> {
            request.transformJobName(name)
                    .modelName(model)
                    .transformInput(input(name, "None"))
                    .transformOutput(output -> output.s3OutputPath("s3://lab/out/" + name))
                    .transformResources(
                            resources -> resources.instanceType("ml.m5.large").instanceCount(1));
            more.accept(request);
        });
    }

    private static TransformInput input(String prefix, String split) {
        return TransformInput.builder()
                .contentType("text/plain")
                .splitType(split)
                .dataSource(source ->
                        source.s3DataSource(s3 -> s3.s3DataType("S3Prefix").s3Uri("s3://lab/" + prefix + "/")))
                .build();
    }

    private static DescribeTransformJobResponse ended(String name) {
        return await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> lab.sagemaker.describeTransformJob(request -> request.transformJobName(name)),
                        TransformJobs::isTerminal);
    }

    private static String text(String key) {
        return new String(lab.get(key), StandardCharsets.UTF_8);
    }
}
