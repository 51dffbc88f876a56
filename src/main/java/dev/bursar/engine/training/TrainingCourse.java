// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import dev.bursar.engine.machine.LogStream;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.run.Course;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.MetricData;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

/** A training job's way through its secondary statuses. */
final class TrainingCourse implements Course {

    private static final Logger log = LoggerFactory.getLogger(TrainingCourse.class);

    private final String name;
    private final Resources<DescribeTrainingJobResponse> jobs;

    TrainingCourse(String name, RunParts parts) {
        this.name = name;
        this.jobs = parts.estate().training();
    }

    @Override
    public String key() {
        return "training-job/" + name;
    }

    @Override
    public boolean isStopping() {
        return jobs.get(name).trainingJobStatus() == TrainingJobStatus.STOPPING;
    }

    @Override
    public boolean hasEnded() {
        return jobs.find(name).map(TrainingHistory::isTerminal).orElse(true);
    }

    @Override
    public Optional<Instant> startedAt() {
        return Optional.ofNullable(jobs.get(name).trainingStartTime());
    }

    @Override
    public int maxRuntimeInSeconds() {
        return jobs.get(name).stoppingCondition().maxRuntimeInSeconds();
    }

    @Override
    public void say(String message, Instant now) {
        jobs.update(name, job -> isStopping(job) ? job : TrainingHistory.say(job, message, now));
    }

    @Override
    public void start(Instant now) {
        jobs.update(
                name,
                job ->
                        TrainingHistory.to(job, SecondaryStatus.DOWNLOADING, "Downloading the training image", now)
                                .toBuilder()
                                .trainingStartTime(now)
                                .build());
    }

    @Override
    public void run(Instant now) {
        // An engine may have said so and died before it started the processes.
        jobs.update(
                name,
                job -> isStopping(job) || job.secondaryStatus() == SecondaryStatus.TRAINING
                        ? job
                        : TrainingHistory.to(
                                job,
                                SecondaryStatus.TRAINING,
                                "Training image download completed. Training in progress.",
                                now));
    }

    @Override
    public void stop(Instant now) {
        jobs.update(name, job -> isStopping(job) ? job : TrainingHistory.stopping(job, now));
    }

    @Override
    public void upload(Instant now) {
        if (jobs.get(name).secondaryStatus() != SecondaryStatus.UPLOADING) {
            enter(SecondaryStatus.UPLOADING, "Uploading generated training model", now);
        }
    }

    @Override
    public void complete(Instant end, Instant now) {
        end(TrainingJobStatus.COMPLETED, SecondaryStatus.COMPLETED, "Training job completed", end, now);
    }

    @Override
    public void stopped(boolean overdue, Instant end, Instant now) {
        if (overdue) {
            var message = "Training job runtime exceeded MaxRuntimeInSeconds provided";
            end(TrainingJobStatus.STOPPED, SecondaryStatus.MAX_RUNTIME_EXCEEDED, message, end, now);
        } else {
            end(TrainingJobStatus.STOPPED, SecondaryStatus.STOPPED, "Training job stopped", end, now);
        }
    }

    @Override
    public void fail(String reason, Instant end, Instant now) {
        var metrics = metrics(now);
        jobs.update(
                name,
                job -> billed(TrainingHistory.fail(job, reason, now), end).toBuilder()
                        .finalMetricDataList(metrics)
                        .build());
    }

    private void enter(SecondaryStatus status, String message, Instant now) {
        jobs.update(name, job -> TrainingHistory.to(job, status, message, now));
    }

    private void end(TrainingJobStatus status, SecondaryStatus secondary, String message, Instant end, Instant now) {
        var metrics = metrics(now);
        jobs.update(
                name,
                job -> billed(TrainingHistory.end(job, status, secondary, message, now), end).toBuilder()
                        .finalMetricDataList(metrics)
                        .build());
    }

    /** The metrics of the log; what is to be said of those that cannot be found goes into the log itself. */
    private List<MetricData> metrics(Instant now) {
        Path first = jobs.folder(name).resolve("hosts").resolve("algo-1");
        var stream = new LogStream(new Workspace(first));
        try {
            var found =
                    TrainingMetrics.last(jobs.get(name).algorithmSpecification().metricDefinitions(), stream);
            if (!found.remarks().isEmpty()) {
                stream.add(found.remarks());
                stream.mark(now);
            }
            return found.values();
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            log.error("job={} ends without metrics", name, e);
            return List.of();
        }
    }

    private static DescribeTrainingJobResponse billed(DescribeTrainingJobResponse job, Instant end) {
        return job.trainingStartTime() == null ? job : TrainingHistory.billedUntil(job, end);
    }

    private static boolean isStopping(DescribeTrainingJobResponse job) {
        return job.trainingJobStatus() == TrainingJobStatus.STOPPING;
    }
}
