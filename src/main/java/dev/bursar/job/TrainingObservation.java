package dev.bursar.job;

import dev.bursar.workload.Observation;
import dev.bursar.workload.Observation.Results;
import dev.bursar.workload.Observation.Usage;
import dev.bursar.workload.Run;
import dev.bursar.workload.State;
import dev.bursar.workload.StopCause;
import java.time.Duration;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

/** What SageMaker's description of a training job says to the lifecycle. */
final class TrainingObservation {

    private TrainingObservation() {}

    static Observation of(DescribeTrainingJobResponse job, Run<TrainingSpec> run) {
        var failure = job.failureReason();
        return new Observation(
                run.isEchoedIn(job.outputDataConfig().s3OutputPath()),
                state(job),
                job.secondaryStatusAsString(),
                job.trainingJobArn(),
                job.trainingStartTime(),
                job.trainingEndTime(),
                usage(job, run.spec().compute().instances()),
                state(job) == State.FAILED
                        && job.trainingStartTime() == null
                        && failure != null
                        && (failure.startsWith("CapacityError") || failure.startsWith("InternalServerError")),
                cause(job),
                failure,
                results(job));
    }

    private static State state(DescribeTrainingJobResponse job) {
        return state(job.trainingJobStatus());
    }

    static State state(TrainingJobStatus status) {
        return switch (status) {
            case COMPLETED -> State.COMPLETED;
            case FAILED -> State.FAILED;
            case STOPPED -> State.STOPPED;
            case STOPPING -> State.STOPPING;
            default -> State.IN_PROGRESS;
        };
    }

    /** Rule M7: the billable time; else the time between start and end, in whole seconds; never started, nothing. */
    private static Usage usage(DescribeTrainingJobResponse job, int instances) {
        if (job.billableTimeInSeconds() != null) {
            return new Usage(
                    Duration.ofSeconds(job.billableTimeInSeconds()).multipliedBy(instances),
                    state(job).isOver());
        }
        if (job.trainingStartTime() == null) {
            return Usage.NONE;
        }
        var end = job.trainingEndTime() == null ? job.lastModifiedTime() : job.trainingEndTime();
        var billed = Duration.between(job.trainingStartTime(), end);
        var seconds = billed.plusNanos(999_999_999).toSeconds();
        return new Usage(Duration.ofSeconds(Math.max(seconds, 0)).multipliedBy(instances), false);
    }

    private static @Nullable StopCause cause(DescribeTrainingJobResponse job) {
        var status = job.secondaryStatus();
        return status == SecondaryStatus.MAX_RUNTIME_EXCEEDED || status == SecondaryStatus.MAX_WAIT_TIME_EXCEEDED
                ? StopCause.MAX_RUNTIME
                : null;
    }

    private static Results results(DescribeTrainingJobResponse job) {
        var metrics = new TreeMap<String, Double>();
        job.finalMetricDataList().stream()
                .filter(metric -> metric.metricName() != null && metric.value() != null)
                .forEach(metric -> metrics.put(
                        metric.metricName(), Double.valueOf(metric.value().toString())));
        var model = job.modelArtifacts() == null ? null : job.modelArtifacts().s3ModelArtifacts();
        return new Results(state(job) == State.COMPLETED || state(job) == State.STOPPED ? model : null, metrics);
    }
}
