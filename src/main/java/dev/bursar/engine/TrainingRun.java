package dev.bursar.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatusTransition;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

/**
 * One job from Starting to its end: a thread that does the steps in order. The job's file, not the thread, is the
 * truth: a stop is read from it, and an engine that finds the job unfinished on disk takes it up where it stood.
 */
final class TrainingRun implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);
    private static final String STOPPED = "The engine was stopped while the job was training.";
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final String name;
    private final RunParts parts;
    private final Cluster cluster;
    private @Nullable Instant ended;

    TrainingRun(DescribeTrainingJobResponse job, RunParts parts) {
        this.name = job.trainingJobName();
        this.parts = parts;
        this.cluster = new Cluster(job, parts);
    }

    /** The engine is closing; what can wait for the next one waits. */
    private static final class Closing extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The job was stopped before it had a process. */
    private static final class StoppedEarly extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public void run() {
        try {
            var resumed = cluster.wasLaunched();
            if (!resumed) {
                launch();
            } else {
                parts.hosts().occupy(name, hosts());
                cluster.adopt();
            }
            awaitEnd();
            if (resumed) {
                ended = cluster.endedAt(now()).orElse(null);
            }
            finish();
        } catch (JobFailure failure) {
            fail(failure.reason());
        } catch (StoppedEarly e) {
            end(TrainingJobStatus.STOPPED, SecondaryStatus.STOPPED, "Training job stopped");
        } catch (Closing e) {
            log.info("job={} stays as it is; the next engine on this folder goes on", name);
        } catch (IOException | RuntimeException e) {
            failUnexpectedly(e);
        } finally {
            parts.hosts().leave(name);
        }
    }

    private void launch() throws IOException {
        var program = parts.programs().of(job());
        while (!parts.hasDiskSpace() || !parts.hosts().enter(name, hosts())) {
            attend();
            say(parts.hasDiskSpace() ? parts.hosts().situation(name) : parts.diskSituation());
            Pause.brief();
        }
        attend();
        if (job().trainingStartTime() == null) {
            enter(SecondaryStatus.DOWNLOADING, "Downloading the training image");
            parts.jobs()
                    .update(
                            name,
                            job -> job.toBuilder()
                                    .trainingStartTime(last(job).startTime())
                                    .build());
        }
        cluster.download(program, this::attend);
        attend();
        enter(SecondaryStatus.TRAINING, "Training image download completed. Training in progress.");
        cluster.start(program);
    }

    /** Looks whether the job may go on while nothing of it runs. */
    private void attend() {
        if (parts.isClosing()) {
            throw new Closing();
        }
        if (isStopping(job())) {
            throw new StoppedEarly();
        }
        if (isOverdue(job())) {
            stopOverdue();
            throw new StoppedEarly();
        }
    }

    private void awaitEnd() throws IOException {
        var asked = false;
        while (!cluster.hasEnded(now())) {
            if (parts.isClosing()) {
                cluster.stopPromptly();
                if (isStopping(job())) {
                    return;
                }
                throw new JobFailure("InternalServerError: " + STOPPED);
            }
            var job = job();
            if (isStopping(job)) {
                if (!asked) {
                    asked = cluster.terminate();
                } else if (now().isAfter(last(job).startTime().plus(GRACE))) {
                    cluster.kill();
                }
            } else if (isOverdue(job)) {
                stopOverdue();
            }
            Pause.brief();
        }
    }

    private boolean isOverdue(DescribeTrainingJobResponse job) {
        return job.trainingStartTime() != null
                && now().isAfter(job.trainingStartTime()
                        .plusSeconds(job.stoppingCondition().maxRuntimeInSeconds()));
    }

    private void stopOverdue() {
        cluster.markOverdue();
        parts.jobs().update(name, job -> isStopping(job) ? job : TrainingJobs.stopping(job, now()));
    }

    private void finish() throws IOException {
        var stopped = isStopping(job());
        if (!stopped) {
            cluster.requireSuccess(parts.programs().of(job()));
        }
        if (job().secondaryStatus() != SecondaryStatus.UPLOADING) {
            enter(SecondaryStatus.UPLOADING, "Uploading generated training model");
        }
        cluster.upload();
        parts.jobs()
                .update(
                        name,
                        job -> job.toBuilder()
                                .finalMetricDataList(cluster.metrics(job))
                                .build());
        // It may have been stopped while it uploaded.
        if (!isStopping(job())) {
            end(TrainingJobStatus.COMPLETED, SecondaryStatus.COMPLETED, "Training job completed");
        } else if (cluster.wasOverdue()) {
            end(
                    TrainingJobStatus.STOPPED,
                    SecondaryStatus.MAX_RUNTIME_EXCEEDED,
                    "Training job runtime exceeded MaxRuntimeInSeconds provided");
        } else {
            end(TrainingJobStatus.STOPPED, SecondaryStatus.STOPPED, "Training job stopped");
        }
    }

    private void enter(SecondaryStatus status, String message) {
        parts.jobs().update(name, job -> Transition.to(job, status, message, now()));
        log.info("job={} status={}", name, status);
    }

    private void say(String message) {
        parts.jobs().update(name, job -> isStopping(job) ? job : Transition.say(job, message, now()));
    }

    private void end(TrainingJobStatus status, SecondaryStatus secondary, String message) {
        parts.jobs().update(name, job -> billed(Transition.end(job, status, secondary, message, now())));
        log.info("job={} status={}", name, secondary);
    }

    private void fail(String reason) {
        var metrics = cluster.metrics(job());
        parts.jobs()
                .update(
                        name,
                        job -> billed(Transition.fail(job, reason, now())).toBuilder()
                                .finalMetricDataList(metrics)
                                .build());
        log.info("job={} status=Failed reason={}", name, reason);
    }

    /** Time in which no engine ran, after the processes had ended, is not billed. */
    private DescribeTrainingJobResponse billed(DescribeTrainingJobResponse job) {
        return ended == null ? job : Transition.billedUntil(job, ended);
    }

    private void failUnexpectedly(Exception e) {
        if (parts.isClosing()) {
            log.info("job={} was interrupted by the engine's end ({}); the next engine goes on", name, e.toString());
            return;
        }
        log.error("job={} fails with InternalServerError", name, e);
        cluster.kill();
        fail("InternalServerError: We encountered an internal error. Please try again. (" + e + ")");
    }

    private DescribeTrainingJobResponse job() {
        return parts.jobs().get(name);
    }

    private int hosts() {
        return Optional.ofNullable(job().resourceConfig().instanceCount()).orElse(1);
    }

    private Instant now() {
        return parts.clock().instant();
    }

    private static boolean isStopping(DescribeTrainingJobResponse job) {
        return job.trainingJobStatus() == TrainingJobStatus.STOPPING;
    }

    private static SecondaryStatusTransition last(DescribeTrainingJobResponse job) {
        List<SecondaryStatusTransition> transitions = job.secondaryStatusTransitions();
        return transitions.get(transitions.size() - 1);
    }
}
