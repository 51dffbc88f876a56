// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sagemaker.model.IntegerParameterRange;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;
import software.amazon.awssdk.services.sagemaker.model.ResourceType;
import software.amazon.awssdk.services.sagemaker.model.Tag;

class NastyLagsTests {

    private static Lab lab;
    private static Nasty nasty;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.with(folder, settings -> settings.withClock(new FastClock(10)));
        nasty = new Nasty(lab);
        lab.put("models/m.tar.gz", "m");
    }

    @AfterEach
    void calmDown() {
        nasty.calmDown();
    }

    @AfterAll
    static void stop() {
        nasty.close();
        lab.close();
    }

    @Test
    void listsANewTagLate() {
        nasty.be("{\"lags\": {\"tagsSeconds\": 20}}");
        lab.script("tagged", "x.sh", "exit 0", request -> request.tags(tag("a")));
        var arn = lab.describe("tagged").trainingJobArn();
        var atFirst =
                lab.sagemaker.listTags(request -> request.resourceArn(arn)).tags();
        until(() -> lab.sagemaker
                .listTags(request -> request.resourceArn(arn))
                .tags()
                .contains(tag("a")));
        lab.sagemaker.addTags(request -> request.resourceArn(arn).tags(tag("b")));

        assertThat(atFirst).isEmpty();
        assertThat(lab.sagemaker.listTags(request -> request.resourceArn(arn)).tags())
                .containsExactly(tag("a"));
        until(() -> lab.sagemaker
                        .listTags(request -> request.resourceArn(arn))
                        .tags()
                        .size()
                == 2);
    }

    @Test
    void doesNotFindAtFirstWhatItHasCreated() {
        nasty.be("{\"lags\": {\"describeSeconds\": 20}}");
        lab.script("unseen", "x.sh", "exit 0", request -> {});

        assertThat(lab.refusal(() -> lab.describe("unseen")))
                .isEqualTo("ValidationException: Requested resource not found.");
        until(() -> lab.refusal(() -> lab.describe("unseen")).equals("not refused"));
    }

    @Test
    void doesNotYetKnowANewConfiguration() {
        nasty.be("{\"lags\": {\"configSeconds\": 20}}");
        lab.model("fresh", "models/m.tar.gz", "any:1", Map.of());
        lab.config("fresh", "fresh");
        var refusal = lab.refusal(NastyLagsTests::createEndpoint);

        assertThat(refusal)
                .isEqualTo("ValidationException: Could not find endpoint configuration"
                        + " \"arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/fresh\".");
        until(() -> lab.refusal(NastyLagsTests::createEndpoint).equals("not refused"));
    }

    @Test
    void findsANewJobLate() {
        nasty.be("{\"lags\": {\"searchSeconds\": 20}}");
        lab.script("searched", "x.sh", "exit 0", request -> {});

        assertThat(isFound("searched")).isFalse();
        until(() -> isFound("searched"));
    }

    @Test
    void listsANewTrialLate() {
        lab.archive("code/echo.tar.gz", Map.of("x.sh", "echo value=1;"));
        nasty.be("{\"lags\": {\"trialListSeconds\": 40}}");
        tune("tuned");
        until(() -> !lab.sagemaker
                .listTrainingJobs(request -> request.nameContains("tuned"))
                .trainingJobSummaries()
                .isEmpty());

        assertThat(trials("tuned")).isZero();
        until(() -> trials("tuned") == 1);
    }

    private static void tune(String name) {
        lab.sagemaker.createHyperParameterTuningJob(request -> request.hyperParameterTuningJobName(name)
                .hyperParameterTuningJobConfig(config -> config.strategy("Random")
                        .resourceLimits(
                                limits -> limits.maxNumberOfTrainingJobs(1).maxParallelTrainingJobs(1))
                        .hyperParameterTuningJobObjective(
                                objective -> objective.type("Maximize").metricName("value"))
                        .parameterRanges(ranges -> ranges.integerParameterRanges(IntegerParameterRange.builder()
                                .name("x")
                                .minValue("1")
                                .maxValue("9")
                                .build())))
                .trainingJobDefinition(definition -> definition
                        .staticHyperParameters(Map.of(
                                "sagemaker_program", "x.sh", "sagemaker_submit_directory", "s3://lab/code/echo.tar.gz"))
                        .roleArn("arn:aws:iam::123456789012:role/lab")
                        .algorithmSpecification(algorithm -> algorithm
                                .trainingImage("any:1")
                                .trainingInputMode("File")
                                .metricDefinitions(MetricDefinition.builder()
                                        .name("value")
                                        .regex("value=([0-9.]+);")
                                        .build()))
                        .outputDataConfig(output -> output.s3OutputPath("s3://lab/out"))
                        .resourceConfig(resources -> resources
                                .instanceCount(1)
                                .instanceType("ml.m5.large")
                                .volumeSizeInGB(1))
                        .stoppingCondition(condition -> condition.maxRuntimeInSeconds(600))));
    }

    private static int trials(String tuning) {
        return lab.sagemaker
                .listTrainingJobsForHyperParameterTuningJob(request -> request.hyperParameterTuningJobName(tuning))
                .trainingJobSummaries()
                .size();
    }

    private static boolean isFound(String job) {
        return lab.sagemaker.search(request -> request.resource(ResourceType.TRAINING_JOB)).results().stream()
                .anyMatch(result -> result.trainingJob().trainingJobName().equals(job));
    }

    private static void createEndpoint() {
        lab.sagemaker.createEndpoint(request -> request.endpointName("fresh").endpointConfigName("fresh"));
    }

    private static Tag tag(String key) {
        return Tag.builder().key(key).value("1").build();
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }
}
