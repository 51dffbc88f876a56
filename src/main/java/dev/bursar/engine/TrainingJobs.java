package dev.bursar.engine;

import dev.bursar.algorithm.XGBoost;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sagemaker.model.CompressionType;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DeleteTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.OutputCompressionType;
import software.amazon.awssdk.services.sagemaker.model.RecordWrapper;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.StopTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.StopTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.StoppingCondition;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

/** The operations on one training job. */
final class TrainingJobs {

    private static final int ONE_DAY = 86_400;

    private final Jobs jobs;
    private final TrainingRuns runs;
    private final CreateRules rules;
    private final String arnPrefix;
    private final Clock clock;

    TrainingJobs(Jobs jobs, TrainingRuns runs, CreateRules rules, EngineSettings settings) {
        this.jobs = jobs;
        this.runs = runs;
        this.rules = rules;
        this.arnPrefix = "arn:aws:sagemaker:%s:%s:training-job/".formatted(settings.region(), settings.accountId());
        this.clock = settings.clock();
    }

    /** Durable before it answers; then the job runs on its own. */
    CreateTrainingJobResponse create(CreateTrainingJobRequest request) {
        if (jobs.find(request.trainingJobName()).isPresent()) {
            throw nameTaken(request.trainingJobName());
        }
        rules.check(request);
        var job = described(request, clock.instant());
        if (!jobs.add(job, Tags.map(request.tags()))) {
            throw nameTaken(request.trainingJobName());
        }
        runs.start(job);
        return CreateTrainingJobResponse.builder()
                .trainingJobArn(job.trainingJobArn())
                .build();
    }

    DescribeTrainingJobResponse describe(DescribeTrainingJobRequest request) {
        return jobs.get(request.trainingJobName());
    }

    /** Only says that the job is to stop; its run sees to it. A job that is stopping already is left in peace. */
    StopTrainingJobResponse stop(StopTrainingJobRequest request) {
        jobs.update(request.trainingJobName(), job -> {
            if (Transition.isTerminal(job)) {
                throw Refusal.validation("The request was rejected because the training job is in status %s."
                        .formatted(job.trainingJobStatusAsString()));
            }
            return job.trainingJobStatus() == TrainingJobStatus.STOPPING ? job : stopping(job, clock.instant());
        });
        return StopTrainingJobResponse.builder().build();
    }

    DeleteTrainingJobResponse delete(DeleteTrainingJobRequest request) {
        jobs.remove(request.trainingJobName(), job -> {
            if (!Transition.isTerminal(job)) {
                throw new Refusal(new WireError(
                        400,
                        "ResourceInUse",
                        "The training job %s is in status %s; only a job that has ended can be deleted."
                                .formatted(job.trainingJobName(), job.trainingJobStatusAsString())));
            }
        });
        return DeleteTrainingJobResponse.builder().build();
    }

    static DescribeTrainingJobResponse stopping(DescribeTrainingJobResponse job, Instant now) {
        return Transition.to(job, SecondaryStatus.STOPPING, "Stopping the training job", now).toBuilder()
                .trainingJobStatus(TrainingJobStatus.STOPPING)
                .build();
    }

    private Refusal nameTaken(String name) {
        return new Refusal(new WireError(
                400,
                "ResourceInUse",
                "Training job names must be unique within an AWS account and region, and a training job with this name"
                        + " already exists (%s%s)".formatted(arnPrefix, name)));
    }

    /** The request's own members, and what SageMaker fills in. */
    private DescribeTrainingJobResponse described(CreateTrainingJobRequest request, Instant now) {
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
                .trainingJobArn(arnPrefix + request.trainingJobName())
                .trainingJobStatus(TrainingJobStatus.IN_PROGRESS)
                .creationTime(now)
                .modelArtifacts(model -> model.s3ModelArtifacts(artifacts.toString()))
                .build();
        return Transition.to(withDefaults(job), SecondaryStatus.STARTING, "Preparing the instances for training", now);
    }

    private static DescribeTrainingJobResponse withDefaults(DescribeTrainingJobResponse job) {
        var algorithm = job.algorithmSpecification();
        var output = job.outputDataConfig();
        var limit = Optional.ofNullable(job.stoppingCondition())
                .map(condition -> condition.maxRuntimeInSeconds())
                .orElse(ONE_DAY);
        var definitions =
                XGBoost.isImage(String.valueOf(algorithm.trainingImage())) && !Script.isOne(job.hyperParameters())
                        ? Metrics.ofXGBoost()
                        : algorithm.metricDefinitions();
        return job.toBuilder()
                .algorithmSpecification(algorithm.toBuilder()
                        .enableSageMakerMetricsTimeSeries(
                                Boolean.TRUE.equals(algorithm.enableSageMakerMetricsTimeSeries()))
                        .metricDefinitions(definitions)
                        .build())
                .inputDataConfig(job.inputDataConfig().stream()
                        .map(channel -> channel.toBuilder()
                                .compressionType(Optional.ofNullable(channel.compressionType())
                                        .orElse(CompressionType.NONE))
                                .recordWrapperType(Optional.ofNullable(channel.recordWrapperType())
                                        .orElse(RecordWrapper.NONE))
                                .build())
                        .toList())
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
                .secondaryStatusTransitions(List.of())
                .build();
    }
}
