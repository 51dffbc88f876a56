package dev.bursar.job;

import dev.bursar.aws.AwsAccount;
import dev.bursar.core.LabId;
import dev.bursar.job.TrainingSpec.Algorithm;
import dev.bursar.job.TrainingSpec.Channel;
import dev.bursar.workload.Run;
import dev.bursar.workload.WorkloadId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.AlgorithmSpecification;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;
import software.amazon.awssdk.services.sagemaker.model.S3DataDistribution;
import software.amazon.awssdk.services.sagemaker.model.S3DataType;
import software.amazon.awssdk.services.sagemaker.model.Tag;
import software.amazon.awssdk.services.sagemaker.model.TrainingInputMode;

/** The one place where a training becomes SageMaker's words. */
final class TrainingRequest {

    private TrainingRequest() {}

    /**
     * Refuses what cannot be said in SageMaker's words, before any money is held: it is said once, to nobody, by the code that
     * says it later.
     */
    static void requireSayable(TrainingSpec spec, LabId lab, AwsAccount account) {
        var name = "0000000-0000000000000000-1";
        var output = account.uri(account.keyPrefix(lab));
        of(
                new Run<>(new WorkloadId("0000000000000000"), lab, account, name, output, Map.of(), spec),
                output + "code/sourcedir.tar.gz");
    }

    static CreateTrainingJobRequest of(Run<TrainingSpec> run, @Nullable String sourceUri) {
        var spec = run.spec();
        var compute = spec.compute();
        return CreateTrainingJobRequest.builder()
                .trainingJobName(run.name())
                .roleArn(run.account().executionRoleArn())
                .algorithmSpecification(
                        algorithm(spec.algorithm(), run.account().region()))
                .hyperParameters(hyperparameters(run, sourceUri))
                .inputDataConfig(spec.inputs().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(input -> channel(input.getKey(), input.getValue()))
                        .toList())
                .outputDataConfig(output -> output.s3OutputPath(run.outputUri()))
                .resourceConfig(resources -> resources
                        .instanceType(compute.instanceType())
                        .instanceCount(compute.instances())
                        .volumeSizeInGB(compute.volumeGb()))
                .stoppingCondition(stop -> stop.maxRuntimeInSeconds(Math.toIntExact(
                        Objects.requireNonNull(spec.maxRuntime()).toSeconds())))
                .environment(environment(run))
                .tags(run.tags().entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    private static AlgorithmSpecification algorithm(Algorithm algorithm, String region) {
        var made = AlgorithmSpecification.builder()
                .trainingImage(Images.of(algorithm, region))
                .trainingInputMode(TrainingInputMode.FILE);
        if (algorithm.metrics() != null) {
            made.metricDefinitions(algorithm.metrics().stream()
                    .map(metric -> MetricDefinition.builder()
                            .name(metric.name())
                            .regex(metric.regex())
                            .build())
                    .toList());
        }
        return made.build();
    }

    private static Map<String, String> hyperparameters(Run<TrainingSpec> run, @Nullable String sourceUri) {
        var asked = run.spec().hyperparametersOrNone();
        var script = run.spec().algorithm().script();
        if (script == null) {
            return Hyperparameters.plain(asked);
        }
        var all = new HashMap<>(Hyperparameters.quoted(asked));
        all.put("sagemaker_program", Hyperparameters.quote(Scripts.entryPoint(script)));
        all.put("sagemaker_submit_directory", Hyperparameters.quote(Objects.requireNonNull(sourceUri)));
        all.put("sagemaker_region", Hyperparameters.quote(run.account().region()));
        all.put("sagemaker_job_name", Hyperparameters.quote(run.name()));
        return all;
    }

    private static Map<String, String> environment(Run<TrainingSpec> run) {
        var asked = run.spec().environment();
        var all = new HashMap<>(asked == null ? Map.<String, String>of() : asked);
        all.put("BURSAR_WORKLOAD", run.id().value());
        return all;
    }

    private static software.amazon.awssdk.services.sagemaker.model.Channel channel(String name, Channel input) {
        return software.amazon.awssdk.services.sagemaker.model.Channel.builder()
                .channelName(name)
                .contentType(input.contentType())
                .dataSource(source -> source.s3DataSource(s3 -> s3.s3DataType(S3DataType.S3_PREFIX)
                        .s3Uri(input.s3Uri())
                        .s3DataDistributionType(S3DataDistribution.FULLY_REPLICATED)))
                .build();
    }
}
