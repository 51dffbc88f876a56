// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import dev.bursar.engine.s3.ObjectStore;
import dev.bursar.engine.s3.S3Location;
import dev.bursar.engine.wire.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.Channel;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;
import software.amazon.awssdk.services.sagemaker.model.S3DataType;

/** What CreateTrainingJob refuses beyond the limits of the service model. */
final class TrainingRules {

    private static final int TWENTY_EIGHT_DAYS = 28 * 86_400;

    private static final Map<String, Predicate<CreateTrainingJobRequest>> NOT_OFFERED = new LinkedHashMap<>();

    static {
        NOT_OFFERED.put("CheckpointConfig", request -> request.checkpointConfig() != null);
        NOT_OFFERED.put("ServerlessJobConfig", request -> request.serverlessJobConfig() != null);
        NOT_OFFERED.put("DebugRuleConfigurations", CreateTrainingJobRequest::hasDebugRuleConfigurations);
        NOT_OFFERED.put("TensorBoardOutputConfig", request -> request.tensorBoardOutputConfig() != null);
        NOT_OFFERED.put(
                "AlgorithmSpecification.AlgorithmName",
                request -> request.algorithmSpecification().algorithmName() != null);
        NOT_OFFERED.put(
                "AlgorithmSpecification.ContainerEntrypoint",
                request -> request.algorithmSpecification().hasContainerEntrypoint());
        NOT_OFFERED.put(
                "ResourceConfig.InstanceGroups",
                request -> request.resourceConfig().hasInstanceGroups());
    }

    private final ObjectStore store;

    TrainingRules(ObjectStore store) {
        this.store = store;
    }

    void check(CreateTrainingJobRequest request) {
        require(request.algorithmSpecification(), "algorithmSpecification");
        require(request.resourceConfig(), "resourceConfig");
        NOT_OFFERED.forEach((member, isUsed) -> {
            if (isUsed.test(request)) {
                throw Refusal.validation("%s is not offered by this engine.".formatted(member));
            }
        });
        require(request.algorithmSpecification().trainingImage(), "algorithmSpecification.trainingImage");
        require(request.resourceConfig().instanceType(), "resourceConfig.instanceType");
        require(request.resourceConfig().instanceCount(), "resourceConfig.instanceCount");
        checkStopping(request);
        if (S3Location.parse(request.outputDataConfig().s3OutputPath()).isEmpty()) {
            throw Refusal.validation("The S3OutputPath must begin with s3://, not "
                    + request.outputDataConfig().s3OutputPath());
        }
        checkChannels(request);
    }

    private static void checkStopping(CreateTrainingJobRequest request) {
        var limits = request.stoppingCondition();
        var runtime = limits == null ? null : limits.maxRuntimeInSeconds();
        if (runtime != null && runtime > TWENTY_EIGHT_DAYS) {
            throw Refusal.validation(
                    "MaxRuntimeInSeconds must be at most %d, not %d.".formatted(TWENTY_EIGHT_DAYS, runtime));
        }
        var wait = limits == null ? null : limits.maxWaitTimeInSeconds();
        if (Boolean.TRUE.equals(request.enableManagedSpotTraining()) && wait == null) {
            throw Refusal.validation(
                    "Invalid MaxWaitTimeInSeconds. It must be present if EnableManagedSpotTraining is true.");
        }
        if (wait != null && !Boolean.TRUE.equals(request.enableManagedSpotTraining())) {
            throw Refusal.validation("Invalid MaxWaitTimeInSeconds. It is only supported when"
                    + " EnableManagedSpotTraining is set to true");
        }
        if (wait != null && runtime != null && wait < runtime) {
            throw Refusal.validation(
                    "Invalid MaxWaitTimeInSeconds. It must be greater than or equal to MaxRuntimeInSeconds.");
        }
    }

    private void checkChannels(CreateTrainingJobRequest request) {
        var names = request.inputDataConfig().stream().map(Channel::channelName).toList();
        if (names.size() != names.stream().distinct().count()) {
            throw Refusal.validation("Channel names must be unique, not %s.".formatted(names));
        }
        request.inputDataConfig().forEach(channel -> checkChannel(channel, request));
    }

    private void checkChannel(Channel channel, CreateTrainingJobRequest request) {
        var source = Optional.ofNullable(channel.dataSource().s3DataSource())
                .orElseThrow(() -> Refusal.validation(
                        "Channel %s: only S3DataSource is offered by this engine.".formatted(channel.channelName())));
        if (source.s3DataType() != S3DataType.S3_PREFIX && source.s3DataType() != S3DataType.MANIFEST_FILE) {
            throw Refusal.validation("Channel %s: S3DataType %s is not offered by this engine."
                    .formatted(channel.channelName(), source.s3DataTypeAsString()));
        }
        var mode = Optional.ofNullable(channel.inputModeAsString())
                .orElse(request.algorithmSpecification().trainingInputModeAsString());
        if ("Pipe".equals(mode)) {
            throw Refusal.validation("Channel %s: Pipe mode is not offered by this engine; use File or FastFile."
                    .formatted(channel.channelName()));
        }
        store.requireAny(source.s3Uri(), request.roleArn());
    }

    /** A tuning job's objective must be one of the metrics that a trial can have. */
    static void checkObjective(String objective, List<MetricDefinition> definitions) {
        if (definitions.stream().noneMatch(metric -> metric.name().equals(objective))) {
            throw Refusal.validation(
                    "A metric is required for this hyperparameter tuning job objective. Provide a metric"
                            + " in the metric definitions.");
        }
    }

    private static void require(@Nullable Object value, String path) {
        if (value == null) {
            throw Refusal.validation(
                    "1 validation error detected: Value null at '%s' failed to satisfy constraint:".formatted(path)
                            + " Member must not be null");
        }
    }
}
