// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.algorithm.XGBoost;
import dev.bursar.engine.tuning.TuningJobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sagemaker.model.CategoricalParameterRange;
import software.amazon.awssdk.services.sagemaker.model.ContinuousParameterRange;
import software.amazon.awssdk.services.sagemaker.model.DescribeHyperParameterTuningJobResponse;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTrainingJobSummary;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobConfig;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobStatus;
import software.amazon.awssdk.services.sagemaker.model.IntegerParameterRange;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;
import software.amazon.awssdk.services.sagemaker.model.ParameterRanges;
import software.amazon.awssdk.services.sagemaker.model.ResourceLimits;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.Tag;

class TuningTests {

    private static final String ECHOES = "echo \"value=$SM_HP_X;\"; sleep ${SM_HP_PAUSE:-0}; exit ${SM_HP_CODE:-0}";

    private static Lab lab;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.with(folder, settings -> settings.withBounds(3, 512).withClock(new FastClock(5)));
        lab.archive("code/echo.tar.gz", Map.of("x.sh", ECHOES));
        lab.put("data/train.csv", Lab.csv(300, 5, 1));
        lab.put("data/validation.csv", Lab.csv(100, 5, 2));
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void triesEveryPointOfAGridOnce() {
        script(
                "grid",
                "Grid",
                Map.of("code", "0"),
                ParameterRanges.builder()
                        .categoricalParameterRanges(category("x", "3", "1", "2"), category("y", "a", "b"))
                        .build(),
                config -> config.resourceLimits(limits -> limits.maxParallelTrainingJobs(3)));
        var job = ended("grid");
        var trials = trials("grid");

        assertThat(job.failureReason()).isNull();
        assertThat(job.hyperParameterTuningJobStatus()).isEqualTo(HyperParameterTuningJobStatus.COMPLETED);
        assertThat(job.trainingJobStatusCounters().completed()).isEqualTo(6);
        assertThat(job.objectiveStatusCounters().succeeded()).isEqualTo(6);
        assertThat(job.bestTrainingJob().tunedHyperParameters()).containsEntry("x", "3");
        assertThat(trials)
                .extracting(HyperParameterTrainingJobSummary::tunedHyperParameters)
                .doesNotHaveDuplicates()
                .hasSize(6);
        assertThat(trials.get(0).trainingJobName()).matches("grid-001-[0-9a-f]{8}");
        var child = lab.describe(trials.get(0).trainingJobName());
        assertThat(child.tuningJobArn()).isEqualTo(job.hyperParameterTuningJobArn());
        assertThat(child.hyperParameters()).containsEntry("_tuning_objective_metric", "value");
    }

    @Test
    void tunesTheBuiltInXGBoostAtRandom() {
        xgboost("random", ranges(), Map.of("objective", "binary:logistic"), 6);
        var job = ended("random");
        var trials = trials("random");

        assertThat(job.failureReason()).isNull();
        assertThat(job.trainingJobStatusCounters().completed()).isEqualTo(6);
        assertThat(trials)
                .extracting(HyperParameterTrainingJobSummary::tunedHyperParameters)
                .doesNotHaveDuplicates();
        var best = job.bestTrainingJob();
        assertThat(best.finalHyperParameterTuningJobObjectiveMetric().value())
                .isEqualTo(trials.stream()
                        .map(trial -> trial.finalHyperParameterTuningJobObjectiveMetric()
                                .value())
                        .max(Comparator.naturalOrder())
                        .orElseThrow());
        assertThat(lab.keys("out/" + best.trainingJobName() + "/"))
                .containsExactly("out/" + best.trainingJobName() + "/output/model.tar.gz");
        assertThat(lab.sagemaker
                        .listTags(request -> request.resourceArn(best.trainingJobArn()))
                        .tags())
                .hasSize(1);
        assertThat(lab.log(best.trainingJobName())).contains("validation-auc");
        assertThat(lab.sagemaker
                        .listTrainingJobsForHyperParameterTuningJob(
                                request -> request.hyperParameterTuningJobName("random")
                                        .sortBy("FinalObjectiveMetricValue")
                                        .sortOrder("Descending")
                                        .statusEquals("Completed")
                                        .maxResults(1))
                        .trainingJobSummaries()
                        .get(0)
                        .finalHyperParameterTuningJobObjectiveMetric()
                        .value())
                .isEqualTo(best.finalHyperParameterTuningJobObjectiveMetric().value());
        assertThat(pids("random-")).hasSize(6);
        assertThat(new HashSet<>(pids("random-"))).hasSizeLessThan(6);
    }

    @Test
    void stopsATrialInAWarmJvm() {
        var rounds = ParameterRanges.builder()
                .integerParameterRanges(IntegerParameterRange.builder()
                        .name("num_round")
                        .minValue("1000000")
                        .maxValue("2000000")
                        .build())
                .build();
        xgboost("endless", rounds, Map.of("objective", "binary:logistic"), 2);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !trials("endless").isEmpty()
                        && lab.describe(trials("endless").get(0).trainingJobName())
                                        .secondaryStatus()
                                == SecondaryStatus.TRAINING
                        && !pids("endless-").isEmpty());
        lab.sagemaker.stopHyperParameterTuningJob(request -> request.hyperParameterTuningJobName("endless"));

        assertThat(ended("endless").trainingJobStatusCounters().stopped()).isPositive();
        var pid = Long.parseLong(pids("endless-").get(0));
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void failsWhenNoTrainingJobSucceedsInFiveAttempts() {
        script(
                "hopeless",
                "Random",
                Map.of("code", "3"),
                ranges("1", "9"),
                config -> config.resourceLimits(
                        limits -> limits.maxNumberOfTrainingJobs(20).maxParallelTrainingJobs(1)));
        var job = ended("hopeless");

        assertThat(job.hyperParameterTuningJobStatus()).isEqualTo(HyperParameterTuningJobStatus.FAILED);
        assertThat(job.failureReason())
                .isEqualTo("No training job succeeded after 5 attempts. Please take a look at the training job failures"
                        + " to get more details.");
        assertThat(job.trainingJobStatusCounters().nonRetryableError()).isEqualTo(5);
        assertThat(job.bestTrainingJob()).isNull();
    }

    @Test
    void failsAlsoWhenAnotherTrialHadToBeStopped() {
        script(
                "hopeless-2",
                "Random",
                Map.of("code", "3"),
                ranges("1", "9"),
                config -> config.resourceLimits(
                        limits -> limits.maxNumberOfTrainingJobs(20).maxParallelTrainingJobs(2)));

        assertThat(ended("hopeless-2").hyperParameterTuningJobStatus()).isEqualTo(HyperParameterTuningJobStatus.FAILED);
    }

    @Test
    void stopsWithItsTrials() {
        script(
                "stopped",
                "Random",
                Map.of("pause", "100"),
                ranges("1", "9"),
                config -> config.resourceLimits(
                        limits -> limits.maxNumberOfTrainingJobs(20).maxParallelTrainingJobs(2)));
        await().atMost(Duration.ofSeconds(20)).until(() -> trials("stopped").size() == 2);
        lab.sagemaker.stopHyperParameterTuningJob(request -> request.hyperParameterTuningJobName("stopped"));
        var job = ended("stopped");

        assertThat(job.hyperParameterTuningJobStatus()).isEqualTo(HyperParameterTuningJobStatus.STOPPED);
        assertThat(job.trainingJobStatusCounters().stopped()).isEqualTo(2);
        assertThat(lab.refusal(() -> lab.sagemaker.stopHyperParameterTuningJob(
                        request -> request.hyperParameterTuningJobName("stopped"))))
                .isEqualTo("ValidationException: The request was rejected because the hyperparameter tuning job is in"
                        + " status Stopped.");
        lab.sagemaker.deleteHyperParameterTuningJob(request -> request.hyperParameterTuningJobName("stopped"));
        assertThat(lab.refusal(() -> lab.sagemaker.describeHyperParameterTuningJob(
                        request -> request.hyperParameterTuningJobName("stopped"))))
                .startsWith("ResourceNotFound: Amazon SageMaker can't find a tuning job");
    }

    @Test
    void endsAtItsTargetAndAtItsTimeLimit() {
        script(
                "target",
                "Random",
                Map.of(),
                ranges("5", "9"),
                config -> config.resourceLimits(
                                limits -> limits.maxNumberOfTrainingJobs(50).maxParallelTrainingJobs(1))
                        .tuningJobCompletionCriteria(criteria -> criteria.targetObjectiveMetricValue(5f)));
        script(
                "timely",
                "Random",
                Map.of("pause", "1000"),
                ranges("5", "9"),
                config -> config.resourceLimits(limits -> limits.maxNumberOfTrainingJobs(50)
                        .maxParallelTrainingJobs(1)
                        .maxRuntimeInSeconds(120)));

        assertThat(ended("target").trainingJobStatusCounters().completed()).isEqualTo(1);
        var timely = ended("timely");
        assertThat(timely.hyperParameterTuningJobStatus()).isEqualTo(HyperParameterTuningJobStatus.COMPLETED);
        assertThat(timely.trainingJobStatusCounters().stopped()).isEqualTo(1);
        assertThat(timely.consumedResources().runtimeInSeconds()).isGreaterThanOrEqualTo(120);
    }

    @Test
    void refusesWhatSageMakerRefuses() {
        Consumer<HyperParameterTuningJobConfig.Builder> one = config -> config.resourceLimits(
                limits -> limits.maxNumberOfTrainingJobs(1).maxParallelTrainingJobs(1));
        script("taken", "Random", Map.of(), ranges("1", "2"), one);
        ended("taken");

        assertThat(lab.refusal(() -> script("TAKEN", "Random", Map.of(), ranges("1", "2"), one)))
                .isEqualTo("ResourceInUse: A hyperparameter tuning job with the name, TAKEN, already exists. Choose a"
                        + " different name.");
        assertThat(lab.refusal(() -> script("b", "Bayesian", Map.of(), ranges("1", "2"), one)))
                .isEqualTo("ValidationException: Strategy Bayesian is not offered by this engine; use Random or Grid.");
        assertThat(lab.refusal(() -> script("g", "Grid", Map.of(), ranges("1", "2"), one)))
                .isEqualTo("ValidationException: The strategy Grid takes categorical ranges only.");
        assertThat(lab.refusal(() -> script("r", "Random", Map.of(), ranges("2", "1"), one)))
                .isEqualTo("ValidationException: The MinValue of x is greater than its MaxValue.");
        assertThat(lab.refusal(() -> script("s", "Random", Map.of("x", "1"), ranges("1", "2"), one)))
                .isEqualTo("ValidationException: The hyperparameter x is both static and tuned.");
        assertThat(lab.refusal(() -> script(
                        "o",
                        "Random",
                        Map.of(),
                        ranges("1", "2"),
                        one.andThen(config -> config.hyperParameterTuningJobObjective(
                                objective -> objective.type("Minimize").metricName("luck"))))))
                .isEqualTo("ValidationException: A metric is required for this hyperparameter tuning job objective."
                        + " Provide a metric in the metric definitions.");
        assertThat(lab.refusal(() -> lab.sagemaker.describeHyperParameterTuningJob(
                        request -> request.hyperParameterTuningJobName("nobody"))))
                .isEqualTo("ResourceNotFound: Amazon SageMaker can't find a tuning job with the name nobody.");
        assertThat(lab.sagemaker
                        .listHyperParameterTuningJobs(request -> request.nameContains("taken"))
                        .hyperParameterTuningJobSummaries())
                .extracting(summary -> summary.trainingJobStatusCounters().completed())
                .containsExactly(1);
    }

    private static ParameterRanges ranges() {
        return ParameterRanges.builder()
                .integerParameterRanges(IntegerParameterRange.builder()
                        .name("num_round")
                        .minValue("2")
                        .maxValue("20")
                        .scalingType("Logarithmic")
                        .build())
                .continuousParameterRanges(
                        ContinuousParameterRange.builder()
                                .name("eta")
                                .minValue("0.01")
                                .maxValue("0.5")
                                .scalingType("Logarithmic")
                                .build(),
                        ContinuousParameterRange.builder()
                                .name("subsample")
                                .minValue("0.5")
                                .maxValue("0.99")
                                .scalingType("ReverseLogarithmic")
                                .build())
                .build();
    }

    private static ParameterRanges ranges(String min, String max) {
        return ParameterRanges.builder()
                .integerParameterRanges(IntegerParameterRange.builder()
                        .name("x")
                        .minValue(min)
                        .maxValue(max)
                        .build())
                .build();
    }

    private static CategoricalParameterRange category(String name, String... values) {
        return CategoricalParameterRange.builder().name(name).values(values).build();
    }

    private static HyperParameterTuningJobConfig.Builder config(
            String strategy, String type, String metric, ParameterRanges ranges) {
        return HyperParameterTuningJobConfig.builder()
                .strategy(strategy)
                .hyperParameterTuningJobObjective(
                        objective -> objective.type(type).metricName(metric))
                .parameterRanges(ranges);
    }

    /** Tunes the built-in XGBoost's eta, one trial after another. */
    static void tuneXGBoost(Lab lab, String name, String rounds, int count) {
        var eta = ParameterRanges.builder()
                .continuousParameterRanges(ContinuousParameterRange.builder()
                        .name("eta")
                        .minValue("0.1")
                        .maxValue("0.5")
                        .build())
                .build();
        xgboost(lab, name, eta, Map.of("objective", "binary:logistic", "num_round", rounds), count, 1);
    }

    private static void xgboost(String name, ParameterRanges ranges, Map<String, String> fixed, int count) {
        xgboost(lab, name, ranges, fixed, count, 2);
    }

    private static void xgboost(
            Lab lab, String name, ParameterRanges ranges, Map<String, String> fixed, int count, int parallel) {
        lab.sagemaker.createHyperParameterTuningJob(request -> request.hyperParameterTuningJobName(name)
                .hyperParameterTuningJobConfig(config("Random", "Maximize", "validation:auc", ranges)
                        .resourceLimits(
                                limits -> limits.maxNumberOfTrainingJobs(count).maxParallelTrainingJobs(parallel))
                        .build())
                .tags(Tag.builder().key("team").value("x").build())
                .trainingJobDefinition(definition -> definition
                        .staticHyperParameters(fixed)
                        .roleArn("arn:aws:iam::123456789012:role/lab")
                        .algorithmSpecification(algorithm -> algorithm
                                .trainingImage(
                                        XGBoost.imageUri(Lab.REGION, "1.7-1").orElseThrow())
                                .trainingInputMode("File"))
                        .inputDataConfig(
                                Lab.channel("train", "data/train.csv"),
                                Lab.channel("validation", "data/validation.csv"))
                        .outputDataConfig(output -> output.s3OutputPath("s3://lab/out"))
                        .resourceConfig(resources -> resources
                                .instanceCount(1)
                                .instanceType("ml.m5.large")
                                .volumeSizeInGB(1))
                        .stoppingCondition(condition -> condition.maxRuntimeInSeconds(600))));
    }

    /** The processes in which the jobs ran. */
    private static List<String> pids(String prefix) {
        var log = lab.settings.folder().resolve("children.log");
        if (!Files.exists(log)) {
            return List.of();
        }
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" " + prefix))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tunes a script by its hyperparameter x. */
    static void tune(Lab lab, String name, String code, Consumer<ResourceLimits.Builder> limits) {
        tune(
                lab,
                name,
                Map.of("sagemaker_program", "x.sh", "sagemaker_submit_directory", code),
                config("Random", "Maximize", "value", ranges("1", "9"))
                        .resourceLimits(limits)
                        .build());
    }

    private static void tune(Lab lab, String name, Map<String, String> fixed, HyperParameterTuningJobConfig config) {
        lab.sagemaker.createHyperParameterTuningJob(request -> request.hyperParameterTuningJobName(name)
                .hyperParameterTuningJobConfig(config)
                .trainingJobDefinition(definition -> definition
                        .staticHyperParameters(fixed)
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
                        .stoppingCondition(condition -> condition.maxRuntimeInSeconds(6000))));
    }

    /** Tunes the script that says what its hyperparameter x is. */
    private static void script(
            String name,
            String strategy,
            Map<String, String> fixed,
            ParameterRanges ranges,
            Consumer<HyperParameterTuningJobConfig.Builder> limits) {
        var hyperparameters = new HashMap<>(fixed);
        hyperparameters.put("sagemaker_program", "x.sh");
        hyperparameters.put("sagemaker_submit_directory", "s3://lab/code/echo.tar.gz");
        var config = config(strategy, "Maximize", "value", ranges);
        limits.accept(config);
        tune(lab, name, hyperparameters, config.build());
    }

    private static DescribeHyperParameterTuningJobResponse ended(String name) {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> lab.sagemaker.describeHyperParameterTuningJob(
                                request -> request.hyperParameterTuningJobName(name)),
                        TuningJobs::isTerminal);
    }

    private static List<HyperParameterTrainingJobSummary> trials(String name) {
        return lab.sagemaker
                .listTrainingJobsForHyperParameterTuningJob(
                        request -> request.hyperParameterTuningJobName(name).maxResults(100))
                .trainingJobSummaries();
    }
}
