package dev.bursar.job;

import dev.bursar.workload.Driver.Found;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;

/** A training that SageMaker has and nobody here asked for, as it would have been asked for. */
final class TrainingFound {

    private TrainingFound() {}

    static Found<TrainingSpec> of(DescribeTrainingJobResponse job) {
        var resources = job.resourceConfig();
        var spec = new TrainingSpec(
                "found " + job.trainingJobName(),
                null,
                null,
                new TrainingSpec.Algorithm(
                        null, null, null, null, job.algorithmSpecification().trainingImage(), null),
                Map.copyOf(job.hyperParameters()),
                job.inputDataConfig().stream()
                        .collect(Collectors.toMap(
                                channel -> channel.channelName(),
                                channel -> new TrainingSpec.Channel(
                                        null,
                                        null,
                                        channel.dataSource().s3DataSource().s3Uri(),
                                        channel.contentType()))),
                new TrainingSpec.Compute(
                        resources.instanceTypeAsString(), resources.instanceCount(), resources.volumeSizeInGB()),
                Duration.ofSeconds(job.stoppingCondition().maxRuntimeInSeconds()),
                null,
                null,
                Map.copyOf(job.environment()));
        return new Found<>(job.outputDataConfig().s3OutputPath(), spec);
    }
}
