// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import dev.bursar.algorithm.XGBoost;
import dev.bursar.engine.container.Script;
import dev.bursar.engine.s3.S3Location;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.xgboost.XGBoostMetrics;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sagemaker.model.Channel;
import software.amazon.awssdk.services.sagemaker.model.CompressionType;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.OutputCompressionType;
import software.amazon.awssdk.services.sagemaker.model.RecordWrapper;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.StoppingCondition;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

/** How a training job looks when it has just been created. */
final class TrainingDefaults {

    private static final int ONE_DAY = 86_400;

    private TrainingDefaults() {}

    /** The request's own members, and what SageMaker fills in. */
    static DescribeTrainingJobResponse described(CreateTrainingJobRequest request, String arn, Instant now) {
        var copied =
                SdkCodec.copy(request, DescribeTrainingJobResponse.builder()).build();
        var path = request.outputDataConfig().s3OutputPath();
        var artifacts = S3Location.parse(path)
                .orElseThrow()
                .child(request.trainingJobName())
                .child("output")
                .child(
                        copied.outputDataConfig().compressionType() == OutputCompressionType.NONE
                                ? "model/"
                                : "model.tar.gz");
        var job = copied.toBuilder()
                .trainingJobArn(arn)
                .trainingJobStatus(TrainingJobStatus.IN_PROGRESS)
                .creationTime(now)
                .modelArtifacts(model -> model.s3ModelArtifacts(artifacts.toString()))
                .build();
        return TrainingHistory.to(
                withDefaults(job), SecondaryStatus.STARTING, "Preparing the instances for training", now);
    }

    private static DescribeTrainingJobResponse withDefaults(DescribeTrainingJobResponse job) {
        var algorithm = job.algorithmSpecification();
        var output = job.outputDataConfig();
        var limit = Optional.ofNullable(job.stoppingCondition())
                .map(condition -> condition.maxRuntimeInSeconds())
                .orElse(ONE_DAY);
        var definitions =
                XGBoost.isImage(String.valueOf(algorithm.trainingImage())) && !Script.isOne(job.hyperParameters())
                        ? XGBoostMetrics.definitions()
                        : algorithm.metricDefinitions();
        var filled = job.toBuilder()
                .algorithmSpecification(algorithm.toBuilder()
                        .enableSageMakerMetricsTimeSeries(
                                Boolean.TRUE.equals(algorithm.enableSageMakerMetricsTimeSeries()))
                        .metricDefinitions(definitions)
                        .build())
                .outputDataConfig(output.toBuilder()
                        .kmsKeyId(Optional.ofNullable(output.kmsKeyId()).orElse(""))
                        .compressionType(
                                Optional.ofNullable(output.compressionType()).orElse(OutputCompressionType.GZIP))
                        .build())
                .stoppingCondition(Optional.ofNullable(job.stoppingCondition())
                        .map(condition -> condition.toBuilder())
                        .orElseGet(StoppingCondition::builder)
                        .maxRuntimeInSeconds(limit)
                        .build())
                .enableNetworkIsolation(Boolean.TRUE.equals(job.enableNetworkIsolation()))
                .enableInterContainerTrafficEncryption(Boolean.TRUE.equals(job.enableInterContainerTrafficEncryption()))
                .enableManagedSpotTraining(Boolean.TRUE.equals(job.enableManagedSpotTraining()))
                .secondaryStatusTransitions(List.of());
        if (job.hasInputDataConfig()) {
            filled.inputDataConfig(withDefaults(job.inputDataConfig()));
        }
        return filled.build();
    }

    private static List<Channel> withDefaults(List<Channel> channels) {
        return channels.stream()
                .map(channel -> channel.toBuilder()
                        .compressionType(
                                Optional.ofNullable(channel.compressionType()).orElse(CompressionType.NONE))
                        .recordWrapperType(
                                Optional.ofNullable(channel.recordWrapperType()).orElse(RecordWrapper.NONE))
                        .build())
                .toList();
    }
}
