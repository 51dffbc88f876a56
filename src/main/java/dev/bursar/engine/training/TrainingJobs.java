// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import dev.bursar.engine.run.JobRun;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Listing;
import dev.bursar.engine.store.Resources;
import dev.bursar.engine.store.Tags;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import java.time.Clock;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DeleteTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ListTrainingJobsRequest;
import software.amazon.awssdk.services.sagemaker.model.StopTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.StopTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobSummary;

/** The operations on one training job. */
public final class TrainingJobs {

    private final Resources<DescribeTrainingJobResponse> jobs;
    private final RunParts parts;
    private final TrainingRules rules;
    private final Clock clock;

    public TrainingJobs(RunParts parts) {
        this.jobs = parts.estate().training();
        this.parts = parts;
        this.rules = new TrainingRules(parts.store());
        this.clock = parts.clock();
    }

    public void register(Operations operations) {
        operations
                .on(
                        "SageMaker.CreateTrainingJob",
                        CreateTrainingJobRequest::builder,
                        request -> create(request.build()))
                .on(
                        "SageMaker.DescribeTrainingJob",
                        DescribeTrainingJobRequest::builder,
                        request -> describe(request.build()))
                .list(
                        "SageMaker.ListTrainingJobs",
                        ListTrainingJobsRequest::builder,
                        new Listing<>(
                                jobs,
                                "TrainingJobSummaries",
                                SdkCodec.summary(TrainingJobSummary.builder()),
                                "CreationTime",
                                true)::answer)
                .on("SageMaker.StopTrainingJob", StopTrainingJobRequest::builder, request -> stop(request.build()))
                .on(
                        "SageMaker.DeleteTrainingJob",
                        DeleteTrainingJobRequest::builder,
                        request -> delete(request.build()));
    }

    /** Takes up what an earlier engine left, in the order of creation, so that waiting jobs keep their turn. */
    public void resume() {
        jobs.all().stream()
                .filter(job -> !TrainingHistory.isTerminal(job))
                .sorted(Comparator.comparing(DescribeTrainingJobResponse::creationTime))
                .forEach(this::start);
    }

    /** Durable before it answers; then the job runs on its own. */
    CreateTrainingJobResponse create(CreateTrainingJobRequest request) {
        return create(request, job -> job);
    }

    /** The same with members that no request can set. */
    public CreateTrainingJobResponse create(
            CreateTrainingJobRequest request, UnaryOperator<DescribeTrainingJobResponse> more) {
        if (jobs.find(request.trainingJobName()).isPresent()) {
            throw nameTaken(request.trainingJobName());
        }
        rules.check(request);
        var job = more.apply(TrainingDefaults.described(request, arn(request.trainingJobName()), clock.instant()));
        if (!jobs.add(job, Tags.map(request.tags()))) {
            throw nameTaken(request.trainingJobName());
        }
        start(job);
        return CreateTrainingJobResponse.builder()
                .trainingJobArn(job.trainingJobArn())
                .build();
    }

    /** Refuses what {@link #create} would, and an objective that the job cannot have. */
    public void check(CreateTrainingJobRequest request, String objective) {
        rules.check(request);
        var job = TrainingDefaults.described(request, arn(request.trainingJobName()), clock.instant());
        TrainingRules.checkObjective(objective, job.algorithmSpecification().metricDefinitions());
    }

    DescribeTrainingJobResponse describe(DescribeTrainingJobRequest request) {
        return jobs.get(request.trainingJobName());
    }

    /** Only says that the job is to stop; its run sees to it. A job that is stopping already is left in peace. */
    public StopTrainingJobResponse stop(StopTrainingJobRequest request) {
        jobs.update(request.trainingJobName(), job -> {
            if (TrainingHistory.isTerminal(job)) {
                throw Refusal.validation("The request was rejected because the training job is in status %s."
                        .formatted(job.trainingJobStatusAsString()));
            }
            return job.trainingJobStatus() == TrainingJobStatus.STOPPING
                    ? job
                    : TrainingHistory.stopping(job, clock.instant());
        });
        return StopTrainingJobResponse.builder().build();
    }

    DeleteTrainingJobResponse delete(DeleteTrainingJobRequest request) {
        jobs.remove(request.trainingJobName(), job -> {
            if (!TrainingHistory.isTerminal(job)) {
                throw new Refusal(new WireError(
                        400,
                        "ResourceInUse",
                        "The training job %s is in status %s; only a job that has ended can be deleted."
                                .formatted(job.trainingJobName(), job.trainingJobStatusAsString())));
            }
        });
        return DeleteTrainingJobResponse.builder().build();
    }

    private Refusal nameTaken(String name) {
        return new Refusal(new WireError(
                400,
                "ResourceInUse",
                "Training job names must be unique within an AWS account and region, and a training job with this name"
                        + " already exists (%s)".formatted(arn(name))));
    }

    private void start(DescribeTrainingJobResponse job) {
        parts.runs()
                .start(new JobRun(
                        new TrainingAssignment(job, parts), new TrainingCourse(job.trainingJobName(), parts), parts));
    }

    private String arn(String name) {
        return parts.estate().kinds().arn(jobs.kind(), name);
    }
}
