// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.processing;

import dev.bursar.engine.machine.Leavings;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.run.Course;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Resources;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ProcessingJobStatus;

/** A processing job's way to its end; what its first host left as a message is shown at every end. */
final class ProcessingCourse implements Course {

    private static final int MESSAGE = 1024;

    private final String name;
    private final Resources<DescribeProcessingJobResponse> jobs;

    ProcessingCourse(String name, RunParts parts) {
        this.name = name;
        this.jobs = parts.estate().processing();
    }

    static DescribeProcessingJobResponse stopping(DescribeProcessingJobResponse job, Instant now) {
        return job.processingJobStatus() == ProcessingJobStatus.STOPPING
                ? job
                : job.toBuilder()
                        .processingJobStatus(ProcessingJobStatus.STOPPING)
                        .lastModifiedTime(now)
                        .build();
    }

    @Override
    public String key() {
        return "processing-job/" + name;
    }

    @Override
    public boolean isStopping() {
        return jobs.get(name).processingJobStatus() == ProcessingJobStatus.STOPPING;
    }

    @Override
    public boolean hasEnded() {
        return jobs.find(name).map(ProcessingJobs::isTerminal).orElse(true);
    }

    @Override
    public Optional<Instant> startedAt() {
        return Optional.ofNullable(jobs.get(name).processingStartTime());
    }

    @Override
    public int maxRuntimeInSeconds() {
        return jobs.get(name).stoppingCondition().maxRuntimeInSeconds();
    }

    @Override
    public void start(Instant now) {
        jobs.update(
                name,
                job -> job.toBuilder()
                        .processingStartTime(now)
                        .lastModifiedTime(now)
                        .build());
    }

    @Override
    public void stop(Instant now) {
        jobs.update(name, job -> stopping(job, now));
    }

    @Override
    public void complete(Instant end, Instant now) {
        end(ProcessingJobStatus.COMPLETED, null, end, now);
    }

    @Override
    public void stopped(boolean overdue, Instant end, Instant now) {
        end(ProcessingJobStatus.STOPPED, null, end, now);
    }

    @Override
    public void fail(String reason, Instant end, Instant now) {
        end(ProcessingJobStatus.FAILED, reason, end, now);
    }

    private void end(ProcessingJobStatus status, @Nullable String reason, Instant end, Instant now) {
        var left = message();
        var unreadable = left == null;
        var message = left == null || left.isEmpty() ? null : left;
        jobs.update(
                name,
                job -> job.toBuilder()
                        .processingJobStatus(unreadable ? ProcessingJobStatus.FAILED : status)
                        .failureReason(unreadable ? "ClientError: /opt/ml/output/message is not UTF-8." : reason)
                        .exitMessage(message)
                        .processingEndTime(job.processingStartTime() == null ? null : end)
                        .lastModifiedTime(now)
                        .build());
    }

    /** The beginning of the message, or nothing if it cannot be read as text. */
    private @Nullable String message() {
        var host = new Workspace(jobs.folder(name).resolve("hosts").resolve("algo-1"));
        var bytes = Leavings.of(host, MESSAGE)
                .start(host.output().resolve("message"), MESSAGE)
                .orElse(new byte[0]);
        var end = bytes.length;
        // A character may have been cut in the middle.
        while (bytes.length == MESSAGE && end > MESSAGE - 4 && (bytes[end - 1] & 0x80) != 0) {
            end--;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Arrays.copyOf(bytes, end)))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
