// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.transform;

import dev.bursar.engine.run.Course;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Resources;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;
import software.amazon.awssdk.services.sagemaker.model.TransformJobStatus;

/** A transform job's way to its end. SageMaker sets it no limit of time. */
final class TransformCourse implements Course {

    private final String name;
    private final Resources<DescribeTransformJobResponse> jobs;

    TransformCourse(String name, RunParts parts) {
        this.name = name;
        this.jobs = parts.estate().transform();
    }

    @Override
    public String key() {
        return "transform-job/" + name;
    }

    @Override
    public boolean isStopping() {
        return jobs.get(name).transformJobStatus() == TransformJobStatus.STOPPING;
    }

    @Override
    public boolean hasEnded() {
        return jobs.find(name).map(TransformJobs::isTerminal).orElse(true);
    }

    @Override
    public Optional<Instant> startedAt() {
        return Optional.ofNullable(jobs.get(name).transformStartTime());
    }

    @Override
    public int maxRuntimeInSeconds() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void start(Instant now) {
        change(job -> job.toBuilder().transformStartTime(now).build());
    }

    @Override
    public void stop(Instant now) {
        change(job ->
                job.toBuilder().transformJobStatus(TransformJobStatus.STOPPING).build());
    }

    @Override
    public void complete(Instant end, Instant now) {
        end(TransformJobStatus.COMPLETED, end);
    }

    @Override
    public void stopped(boolean overdue, Instant end, Instant now) {
        end(TransformJobStatus.STOPPED, end);
    }

    @Override
    public void fail(String reason, Instant end, Instant now) {
        change(job -> job.toBuilder().failureReason(reason).build());
        end(TransformJobStatus.FAILED, end);
    }

    private void end(TransformJobStatus status, Instant end) {
        change(job -> job.toBuilder()
                .transformJobStatus(status)
                .transformEndTime(job.transformStartTime() == null ? null : end)
                .build());
    }

    private void change(UnaryOperator<DescribeTransformJobResponse> change) {
        jobs.update(name, change);
    }
}
