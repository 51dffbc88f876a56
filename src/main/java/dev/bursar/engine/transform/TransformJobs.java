// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.transform;

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
import software.amazon.awssdk.services.sagemaker.model.AssemblyType;
import software.amazon.awssdk.services.sagemaker.model.CreateTransformJobRequest;
import software.amazon.awssdk.services.sagemaker.model.CreateTransformJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ListTransformJobsRequest;
import software.amazon.awssdk.services.sagemaker.model.SplitType;
import software.amazon.awssdk.services.sagemaker.model.StopTransformJobRequest;
import software.amazon.awssdk.services.sagemaker.model.StopTransformJobResponse;
import software.amazon.awssdk.services.sagemaker.model.TransformJobStatus;
import software.amazon.awssdk.services.sagemaker.model.TransformJobSummary;

/** The operations on one transform job. */
public final class TransformJobs {

    private final Resources<DescribeTransformJobResponse> jobs;
    private final RunParts parts;

    public TransformJobs(RunParts parts) {
        this.jobs = parts.estate().transform();
        this.parts = parts;
    }

    public void register(Operations operations) {
        operations
                .on(
                        "SageMaker.CreateTransformJob",
                        CreateTransformJobRequest::builder,
                        request -> create(request.build()))
                .on(
                        "SageMaker.DescribeTransformJob",
                        DescribeTransformJobRequest::builder,
                        request -> jobs.get(request.build().transformJobName()))
                .list(
                        "SageMaker.ListTransformJobs",
                        ListTransformJobsRequest::builder,
                        new Listing<>(
                                jobs,
                                "TransformJobSummaries",
                                job -> SdkCodec.checked(
                                        SdkCodec.encode(job),
                                        TransformJobSummary.builder()
                                                .lastModifiedTime(jobs.kind().lastModifiedTime(job))),
                                "CreationTime",
                                true)::answer)
                .on("SageMaker.StopTransformJob", StopTransformJobRequest::builder, request -> stop(request.build()));
    }

    /** Takes up what an earlier engine left, in the order of creation. */
    public void resume() {
        jobs.all().stream()
                .filter(job -> !isTerminal(job))
                .sorted(Comparator.comparing(DescribeTransformJobResponse::creationTime))
                .forEach(this::start);
    }

    public static boolean isTerminal(DescribeTransformJobResponse job) {
        return switch (job.transformJobStatus()) {
            case COMPLETED, FAILED, STOPPED -> true;
            default -> false;
        };
    }

    private CreateTransformJobResponse create(CreateTransformJobRequest request) {
        if (jobs.find(request.transformJobName()).isPresent()) {
            throw nameTaken(request.transformJobName());
        }
        var model = parts.estate().models().get(request.modelName());
        TransformRules.check(request, parts.store(), model.executionRoleArn());
        var job = described(request);
        if (!jobs.add(job, Tags.map(request.tags()))) {
            throw nameTaken(request.transformJobName());
        }
        start(job);
        return CreateTransformJobResponse.builder()
                .transformJobArn(job.transformJobArn())
                .build();
    }

    private StopTransformJobResponse stop(StopTransformJobRequest request) {
        if (jobs.find(request.transformJobName()).isEmpty()) {
            throw Refusal.validation("Could not find job to update with name: " + request.transformJobName());
        }
        jobs.update(request.transformJobName(), job -> {
            if (isTerminal(job)) {
                throw Refusal.validation("The request was rejected because the transform job is in status %s."
                        .formatted(job.transformJobStatusAsString()));
            }
            return job.toBuilder()
                    .transformJobStatus(TransformJobStatus.STOPPING)
                    .build();
        });
        return StopTransformJobResponse.builder().build();
    }

    private void start(DescribeTransformJobResponse job) {
        parts.runs().start(new TransformRun(job, parts));
    }

    private DescribeTransformJobResponse described(CreateTransformJobRequest request) {
        var split = Optional.ofNullable(request.transformInput().splitType()).orElse(SplitType.NONE);
        var assembly =
                Optional.ofNullable(request.transformOutput().assembleWith()).orElse(AssemblyType.NONE);
        return SdkCodec.copy(request, DescribeTransformJobResponse.builder())
                .transformJobArn(parts.estate().kinds().arn(jobs.kind(), request.transformJobName()))
                .transformJobStatus(TransformJobStatus.IN_PROGRESS)
                .transformInput(request.transformInput().toBuilder()
                        .splitType(split)
                        .compressionType("None")
                        .build())
                .transformOutput(request.transformOutput().toBuilder()
                        .assembleWith(assembly)
                        .build())
                .creationTime(parts.clock().instant())
                .build();
    }

    private Refusal nameTaken(String name) {
        return new Refusal(new WireError(
                400,
                "ResourceInUse",
                "Job name must be unique within an AWS account and region, and a job with this name already exists (%s)"
                        .formatted(parts.estate().kinds().arn(jobs.kind(), name))));
    }
}
