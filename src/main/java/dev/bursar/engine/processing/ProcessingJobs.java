// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.processing;

import dev.bursar.engine.run.JobRun;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Listing;
import dev.bursar.engine.store.Resources;
import dev.bursar.engine.store.Tags;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import java.util.Comparator;
import java.util.Optional;
import software.amazon.awssdk.services.sagemaker.model.CreateProcessingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.CreateProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DeleteProcessingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ListProcessingJobsRequest;
import software.amazon.awssdk.services.sagemaker.model.ProcessingJobStatus;
import software.amazon.awssdk.services.sagemaker.model.ProcessingJobSummary;
import software.amazon.awssdk.services.sagemaker.model.StopProcessingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.StopProcessingJobResponse;

/** The operations on one processing job. */
public final class ProcessingJobs {

    private static final int ONE_DAY = 86_400;

    private final Resources<DescribeProcessingJobResponse> jobs;
    private final RunParts parts;

    public ProcessingJobs(RunParts parts) {
        this.jobs = parts.estate().processing();
        this.parts = parts;
    }

    public void register(Operations operations) {
        operations
                .on(
                        "SageMaker.CreateProcessingJob",
                        CreateProcessingJobRequest::builder,
                        request -> create(request.build()))
                .on(
                        "SageMaker.DescribeProcessingJob",
                        DescribeProcessingJobRequest::builder,
                        request -> jobs.get(request.build().processingJobName()))
                .list(
                        "SageMaker.ListProcessingJobs",
                        ListProcessingJobsRequest::builder,
                        new Listing<>(
                                jobs,
                                "ProcessingJobSummaries",
                                SdkCodec.summary(ProcessingJobSummary.builder()),
                                "CreationTime",
                                true)::answer)
                .on("SageMaker.StopProcessingJob", StopProcessingJobRequest::builder, request -> stop(request.build()))
                .on(
                        "SageMaker.DeleteProcessingJob",
                        DeleteProcessingJobRequest::builder,
                        request -> delete(request.build()));
    }

    /** Takes up what an earlier engine left, in the order of creation. */
    public void resume() {
        jobs.all().stream()
                .filter(job -> !isTerminal(job))
                .sorted(Comparator.comparing(DescribeProcessingJobResponse::creationTime))
                .forEach(this::start);
    }

    private CreateProcessingJobResponse create(CreateProcessingJobRequest request) {
        if (jobs.find(request.processingJobName()).isPresent()) {
            throw nameTaken(request.processingJobName());
        }
        ProcessingRules.check(request);
        var job = described(request);
        if (!jobs.add(job, Tags.map(request.tags()))) {
            throw nameTaken(request.processingJobName());
        }
        start(job);
        return CreateProcessingJobResponse.builder()
                .processingJobArn(job.processingJobArn())
                .build();
    }

    private StopProcessingJobResponse stop(StopProcessingJobRequest request) {
        if (jobs.find(request.processingJobName()).isEmpty()) {
            throw Refusal.validation("Could not find job to update with name: " + request.processingJobName());
        }
        jobs.update(request.processingJobName(), job -> {
            if (isTerminal(job)) {
                throw Refusal.validation("The request was rejected because the processing job is in status %s."
                        .formatted(job.processingJobStatusAsString()));
            }
            return ProcessingCourse.stopping(job, parts.clock().instant());
        });
        return StopProcessingJobResponse.builder().build();
    }

    private DeleteProcessingJobResponse delete(DeleteProcessingJobRequest request) {
        jobs.remove(request.processingJobName(), job -> {
            if (!isTerminal(job)) {
                throw new Refusal(new WireError(
                        400,
                        "ResourceInUse",
                        "The processing job %s is in status %s; only a job that has ended can be deleted."
                                .formatted(job.processingJobName(), job.processingJobStatusAsString())));
            }
        });
        return DeleteProcessingJobResponse.builder().build();
    }

    private void start(DescribeProcessingJobResponse job) {
        parts.runs()
                .start(new JobRun(
                        new ProcessingAssignment(job, parts),
                        new ProcessingCourse(job.processingJobName(), parts),
                        parts));
    }

    private DescribeProcessingJobResponse described(CreateProcessingJobRequest request) {
        var now = parts.clock().instant();
        var limit = Optional.ofNullable(request.stoppingCondition())
                .map(condition -> condition.maxRuntimeInSeconds())
                .orElse(ONE_DAY);
        return SdkCodec.copy(request, DescribeProcessingJobResponse.builder())
                .processingJobArn(parts.estate().kinds().arn(jobs.kind(), request.processingJobName()))
                .processingJobStatus(ProcessingJobStatus.IN_PROGRESS)
                .stoppingCondition(condition -> condition.maxRuntimeInSeconds(limit))
                .creationTime(now)
                .lastModifiedTime(now)
                .build();
    }

    public static boolean isTerminal(DescribeProcessingJobResponse job) {
        return switch (job.processingJobStatus()) {
            case COMPLETED, FAILED, STOPPED -> true;
            default -> false;
        };
    }

    private Refusal nameTaken(String name) {
        return new Refusal(new WireError(
                400,
                "ResourceInUse",
                "Job name must be unique within an AWS account and region, and a job with this name already exists (%s)"
                        .formatted(parts.estate().kinds().arn(jobs.kind(), name))));
    }
}
