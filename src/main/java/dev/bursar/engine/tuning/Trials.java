// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.tuning;

import dev.bursar.engine.store.Resources;
import dev.bursar.engine.store.SearchExpression;
import dev.bursar.engine.training.TrainingHistory;
import dev.bursar.engine.wire.SdkCodec;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import software.amazon.awssdk.services.sagemaker.model.DescribeHyperParameterTuningJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.FinalHyperParameterTuningJobObjectiveMetric;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTrainingJobSummary;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobObjectiveType;
import software.amazon.awssdk.services.sagemaker.model.MetricData;
import software.amazon.awssdk.services.sagemaker.model.ObjectiveStatus;
import software.amazon.awssdk.services.sagemaker.model.ObjectiveStatusCounters;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatusCounters;

/** What a tuning job makes of its training jobs. */
record Trials(DescribeHyperParameterTuningJobResponse tuning, List<DescribeTrainingJobResponse> jobs) {

    static Trials of(DescribeHyperParameterTuningJobResponse tuning, Resources<DescribeTrainingJobResponse> training) {
        var arn = tuning.hyperParameterTuningJobArn();
        return new Trials(
                tuning,
                training.all().stream()
                        .filter(job -> arn.equals(job.tuningJobArn()))
                        .sorted(Comparator.comparing(DescribeTrainingJobResponse::trainingJobName))
                        .toList());
    }

    long active() {
        return jobs.stream().filter(job -> !TrainingHistory.isTerminal(job)).count();
    }

    /** The value of the objective that a trial ended with. */
    Optional<Float> objective(DescribeTrainingJobResponse job) {
        var name = tuning.hyperParameterTuningJobConfig()
                .hyperParameterTuningJobObjective()
                .metricName();
        return job.finalMetricDataList().stream()
                .filter(metric -> metric.metricName().equals(name))
                .map(MetricData::value)
                .filter(value -> !value.isNaN())
                .findFirst();
    }

    ObjectiveStatus objectiveStatus(DescribeTrainingJobResponse job) {
        if (!TrainingHistory.isTerminal(job)) {
            return ObjectiveStatus.PENDING;
        }
        return job.trainingJobStatus() != TrainingJobStatus.FAILED
                        && objective(job).isPresent()
                ? ObjectiveStatus.SUCCEEDED
                : ObjectiveStatus.FAILED;
    }

    TrainingJobStatusCounters statusCounters() {
        return TrainingJobStatusCounters.builder()
                .completed(count(job -> job.trainingJobStatus() == TrainingJobStatus.COMPLETED))
                .inProgress(count(job -> !TrainingHistory.isTerminal(job)))
                .stopped(count(job -> job.trainingJobStatus() == TrainingJobStatus.STOPPED))
                .retryableError(count(job -> job.trainingJobStatus() == TrainingJobStatus.FAILED && isInternal(job)))
                .nonRetryableError(
                        count(job -> job.trainingJobStatus() == TrainingJobStatus.FAILED && !isInternal(job)))
                .build();
    }

    ObjectiveStatusCounters objectiveCounters() {
        return ObjectiveStatusCounters.builder()
                .succeeded(count(job -> objectiveStatus(job) == ObjectiveStatus.SUCCEEDED))
                .pending(count(job -> objectiveStatus(job) == ObjectiveStatus.PENDING))
                .failed(count(job -> objectiveStatus(job) == ObjectiveStatus.FAILED))
                .build();
    }

    /** The trial with the best objective; of equals the first. */
    Optional<DescribeTrainingJobResponse> best() {
        return jobs.stream()
                .filter(job -> objectiveStatus(job) == ObjectiveStatus.SUCCEEDED)
                .reduce((one, other) -> isBetter(value(other), value(one)) ? other : one);
    }

    boolean isBetter(double value, double than) {
        var type = tuning.hyperParameterTuningJobConfig()
                .hyperParameterTuningJobObjective()
                .type();
        return type == HyperParameterTuningJobObjectiveType.MAXIMIZE ? value > than : value < than;
    }

    HyperParameterTrainingJobSummary summary(DescribeTrainingJobResponse job) {
        var config = tuning.hyperParameterTuningJobConfig();
        var tuned = new LinkedHashMap<String, String>();
        for (var name : new SearchSpace(config.parameterRanges(), false, 0).names()) {
            Optional.ofNullable(job.hyperParameters().get(name)).ifPresent(value -> tuned.put(name, value));
        }
        var objective = config.hyperParameterTuningJobObjective();
        return SdkCodec.copy(job, HyperParameterTrainingJobSummary.builder())
                .tuningJobName(tuning.hyperParameterTuningJobName())
                .tunedHyperParameters(tuned)
                .objectiveStatus(objectiveStatus(job))
                .finalHyperParameterTuningJobObjectiveMetric(objective(job)
                        .map(value -> FinalHyperParameterTuningJobObjectiveMetric.builder()
                                .type(objective.type())
                                .metricName(objective.metricName())
                                .value(value)
                                .build())
                        .orElse(null))
                .build();
    }

    /** What a list of trials can be sorted by. */
    Function<String, String> sortKey(DescribeTrainingJobResponse job) {
        Map<String, Function<DescribeTrainingJobResponse, String>> keys = Map.of(
                "Name",
                DescribeTrainingJobResponse::trainingJobName,
                "Status",
                DescribeTrainingJobResponse::trainingJobStatusAsString,
                "CreationTime",
                one -> "%016d".formatted(one.creationTime().toEpochMilli()),
                "FinalObjectiveMetricValue",
                one -> SearchExpression.sortable(value(one)));
        return by -> keys.getOrDefault(by, DescribeTrainingJobResponse::trainingJobName)
                .apply(job);
    }

    private float value(DescribeTrainingJobResponse job) {
        return objective(job).orElse(Float.NaN);
    }

    private static boolean isInternal(DescribeTrainingJobResponse job) {
        return String.valueOf(job.failureReason()).startsWith("InternalServerError");
    }

    private int count(Predicate<DescribeTrainingJobResponse> which) {
        return (int) jobs.stream().filter(which).count();
    }
}
