// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.tuning;

import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Listing;
import dev.bursar.engine.store.Resources;
import dev.bursar.engine.store.Tags;
import dev.bursar.engine.training.TrainingJobs;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.sagemaker.model.CreateHyperParameterTuningJobRequest;
import software.amazon.awssdk.services.sagemaker.model.CreateHyperParameterTuningJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DeleteHyperParameterTuningJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteHyperParameterTuningJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeHyperParameterTuningJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeHyperParameterTuningJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobStatus;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobSummary;
import software.amazon.awssdk.services.sagemaker.model.ListHyperParameterTuningJobsRequest;
import software.amazon.awssdk.services.sagemaker.model.ListTrainingJobsForHyperParameterTuningJobRequest;
import software.amazon.awssdk.services.sagemaker.model.StopHyperParameterTuningJobRequest;
import software.amazon.awssdk.services.sagemaker.model.StopHyperParameterTuningJobResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The operations on one tuning job. */
public final class TuningJobs {

    private final Resources<DescribeHyperParameterTuningJobResponse> jobs;
    private final RunParts parts;
    private final TrainingJobs training;

    public TuningJobs(RunParts parts, TrainingJobs training) {
        this.jobs = parts.estate().tuning();
        this.parts = parts;
        this.training = training;
    }

    public void register(Operations operations) {
        operations
                .on(
                        "SageMaker.CreateHyperParameterTuningJob",
                        CreateHyperParameterTuningJobRequest::builder,
                        request -> create(request.build()))
                .on(
                        "SageMaker.DescribeHyperParameterTuningJob",
                        DescribeHyperParameterTuningJobRequest::builder,
                        request -> jobs.get(request.build().hyperParameterTuningJobName()))
                .list(
                        "SageMaker.ListHyperParameterTuningJobs",
                        ListHyperParameterTuningJobsRequest::builder,
                        new Listing<>(jobs, "HyperParameterTuningJobSummaries", TuningJobs::summary, "Name", false)
                                ::answer)
                .on(
                        "SageMaker.StopHyperParameterTuningJob",
                        StopHyperParameterTuningJobRequest::builder,
                        request -> stop(request.build()))
                .on(
                        "SageMaker.DeleteHyperParameterTuningJob",
                        DeleteHyperParameterTuningJobRequest::builder,
                        request -> delete(request.build()))
                .onJson(
                        "SageMaker.ListTrainingJobsForHyperParameterTuningJob",
                        json -> trials(
                                SdkCodec.checked(json, ListTrainingJobsForHyperParameterTuningJobRequest.builder())));
    }

    public void resume() {
        jobs.all().stream()
                .filter(job -> !isTerminal(job))
                .sorted(Comparator.comparing(DescribeHyperParameterTuningJobResponse::creationTime))
                .forEach(this::start);
    }

    public static boolean isTerminal(DescribeHyperParameterTuningJobResponse job) {
        return switch (job.hyperParameterTuningJobStatus()) {
            case COMPLETED, FAILED, STOPPED -> true;
            default -> false;
        };
    }

    private CreateHyperParameterTuningJobResponse create(CreateHyperParameterTuningJobRequest request) {
        var name = request.hyperParameterTuningJobName();
        if (jobs.all().stream().anyMatch(job -> jobs.kind().name(job).equalsIgnoreCase(name))) {
            throw nameTaken(name);
        }
        TuningRules.check(request);
        var arn = parts.estate().kinds().arn(jobs.kind(), name);
        var now = parts.clock().instant();
        var job = SdkCodec.copy(request, DescribeHyperParameterTuningJobResponse.builder())
                .hyperParameterTuningJobArn(arn)
                .hyperParameterTuningJobStatus(HyperParameterTuningJobStatus.IN_PROGRESS)
                .creationTime(now)
                .lastModifiedTime(now)
                .build();
        var tuning = TuningRun.counted(job, new Trials(job, List.of()));
        training.check(
                new TuningPlan(tuning).request(0),
                request.hyperParameterTuningJobConfig()
                        .hyperParameterTuningJobObjective()
                        .metricName());
        if (!jobs.add(tuning, Tags.map(request.tags()))) {
            throw nameTaken(name);
        }
        start(tuning);
        return CreateHyperParameterTuningJobResponse.builder()
                .hyperParameterTuningJobArn(arn)
                .build();
    }

    private StopHyperParameterTuningJobResponse stop(StopHyperParameterTuningJobRequest request) {
        jobs.update(request.hyperParameterTuningJobName(), job -> {
            if (isTerminal(job)) {
                throw Refusal.validation(
                        "The request was rejected because the hyperparameter tuning job is in status %s."
                                .formatted(job.hyperParameterTuningJobStatusAsString()));
            }
            return job.toBuilder()
                    .hyperParameterTuningJobStatus(HyperParameterTuningJobStatus.STOPPING)
                    .lastModifiedTime(parts.clock().instant())
                    .build();
        });
        return StopHyperParameterTuningJobResponse.builder().build();
    }

    private DeleteHyperParameterTuningJobResponse delete(DeleteHyperParameterTuningJobRequest request) {
        jobs.remove(request.hyperParameterTuningJobName(), job -> {
            if (!isTerminal(job)) {
                throw new Refusal(new WireError(
                        400,
                        "ResourceInUse",
                        "The hyperparameter tuning job %s is in status %s; only a job that has ended can be deleted."
                                .formatted(jobs.kind().name(job), job.hyperParameterTuningJobStatusAsString())));
            }
        });
        return DeleteHyperParameterTuningJobResponse.builder().build();
    }

    private ObjectNode trials(JsonNode request) {
        var tuning = jobs.get(request.path("HyperParameterTuningJobName").asString(""));
        var trials = Trials.of(tuning, parts.estate().training());
        var byObjective = request.path("SortBy").asString("").equals("FinalObjectiveMetricValue");
        var listing = new Listing<DescribeTrainingJobResponse>(
                parts.estate().training(),
                "TrainingJobSummaries",
                job -> SdkCodec.encode(trials.summary(job)),
                "Name",
                false);
        return listing.answer(
                request,
                trials.jobs().stream()
                        .filter(job -> !byObjective || trials.objective(job).isPresent()),
                trials::sortKey);
    }

    private static ObjectNode summary(DescribeHyperParameterTuningJobResponse job) {
        var config = job.hyperParameterTuningJobConfig();
        return SdkCodec.encode(SdkCodec.copy(job, HyperParameterTuningJobSummary.builder())
                .strategy(config.strategy())
                .resourceLimits(config.resourceLimits())
                .build());
    }

    private void start(DescribeHyperParameterTuningJobResponse job) {
        parts.runs().start(new TuningRun(job.hyperParameterTuningJobName(), parts, training));
    }

    private static Refusal nameTaken(String name) {
        return new Refusal(new WireError(
                400,
                "ResourceInUse",
                "A hyperparameter tuning job with the name, %s, already exists. Choose a different name."
                        .formatted(name)));
    }
}
