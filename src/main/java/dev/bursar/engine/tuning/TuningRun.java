// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.tuning;

import dev.bursar.engine.run.LastWord;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Resources;
import dev.bursar.engine.store.Tags;
import dev.bursar.engine.training.TrainingHistory;
import dev.bursar.engine.training.TrainingJobs;
import dev.bursar.engine.wire.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sagemaker.model.DescribeHyperParameterTuningJobResponse;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobStatus;
import software.amazon.awssdk.services.sagemaker.model.ObjectiveStatus;
import software.amazon.awssdk.services.sagemaker.model.StopTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

/**
 * One tuning job: creates training jobs, as many at a time as it may, until one of its limits is reached. Which were
 * created is seen from the training jobs themselves, so that a restart repeats none.
 */
final class TuningRun implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(TuningRun.class);
    private static final int ATTEMPTS = 5;
    /** Time limits and stops of the tuning job itself ring no bell. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final String name;
    private final RunParts parts;
    private final TrainingJobs training;
    private final Resources<DescribeHyperParameterTuningJobResponse> jobs;

    TuningRun(String name, RunParts parts, TrainingJobs training) {
        this.name = name;
        this.parts = parts;
        this.training = training;
        this.jobs = parts.estate().tuning();
    }

    /** The description with what its trials have come to. */
    static DescribeHyperParameterTuningJobResponse counted(
            DescribeHyperParameterTuningJobResponse tuning, Trials trials) {
        return tuning.toBuilder()
                .trainingJobStatusCounters(trials.statusCounters())
                .objectiveStatusCounters(trials.objectiveCounters())
                .bestTrainingJob(trials.best().map(trials::summary).orElse(null))
                .build();
    }

    @Override
    public void run() {
        try {
            while (!parts.isClosing() && !isOver()) {
                var change = parts.estate().training().changes().next();
                step();
                change.await(PATIENCE);
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            if (!parts.isClosing()) {
                log.error("tuning={} fails with InternalServerError", name, e);
                end(HyperParameterTuningJobStatus.FAILED, LastWord.INTERNAL);
            }
        }
    }

    /** Whoever sees that it has ended may delete it before its run looks again. */
    private boolean isOver() {
        return jobs.find(name).map(TuningJobs::isTerminal).orElse(true);
    }

    private void step() {
        var trials = Trials.of(jobs.get(name), parts.estate().training());
        jobs.update(name, tuning -> touched(tuning, counted(tuning, trials)));
        var tuning = jobs.get(name);
        var isStopping = tuning.hyperParameterTuningJobStatus() == HyperParameterTuningJobStatus.STOPPING;
        var verdict = verdict(tuning, trials);
        if (isStopping || verdict.isPresent()) {
            finish(trials, isStopping ? HyperParameterTuningJobStatus.STOPPED : verdict.get());
            return;
        }
        var plan = new TuningPlan(tuning);
        var free = tuning.hyperParameterTuningJobConfig().resourceLimits().maxParallelTrainingJobs() - trials.active();
        for (int number = trials.jobs().size(); number < plan.count() && free > 0; number++, free--) {
            create(plan, number, tuning);
        }
    }

    private void create(TuningPlan plan, int number, DescribeHyperParameterTuningJobResponse tuning) {
        try {
            var tags = Tags.read(jobs.folder(name));
            training.create(
                    plan.request(number).toBuilder().tags(Tags.tags(tags)).build(),
                    job -> job.toBuilder()
                            .tuningJobArn(tuning.hyperParameterTuningJobArn())
                            .build());
        } catch (Refusal refusal) {
            end(
                    HyperParameterTuningJobStatus.FAILED,
                    "ClientError: " + refusal.error().message());
        }
    }

    /** How the tuning job is to end, as soon as it is to end. */
    private Optional<HyperParameterTuningJobStatus> verdict(
            DescribeHyperParameterTuningJobResponse tuning, Trials trials) {
        var ended = trials.jobs().stream().filter(TrainingHistory::isTerminal).toList();
        var failed = ended.stream()
                .filter(job -> job.trainingJobStatus() == TrainingJobStatus.FAILED)
                .count();
        var hasSucceeded = ended.stream().anyMatch(job -> job.trainingJobStatus() == TrainingJobStatus.COMPLETED);
        if (failed >= ATTEMPTS && !hasSucceeded) {
            return Optional.of(HyperParameterTuningJobStatus.FAILED);
        }
        var isComplete = isOutOfTime(tuning)
                || isTargetReached(tuning, trials)
                || isNotImproving(tuning, trials)
                || (ended.size() >= new TuningPlan(tuning).count());
        if (!isComplete) {
            return Optional.empty();
        }
        var hasFailed = !ended.isEmpty()
                && ended.size() == new TuningPlan(tuning).count()
                && ended.stream().allMatch(job -> job.trainingJobStatus() == TrainingJobStatus.FAILED);
        return Optional.of(hasFailed ? HyperParameterTuningJobStatus.FAILED : HyperParameterTuningJobStatus.COMPLETED);
    }

    private boolean isOutOfTime(DescribeHyperParameterTuningJobResponse tuning) {
        var limit = tuning.hyperParameterTuningJobConfig().resourceLimits().maxRuntimeInSeconds();
        return limit != null && now().isAfter(tuning.creationTime().plusSeconds(limit));
    }

    private static boolean isTargetReached(DescribeHyperParameterTuningJobResponse tuning, Trials trials) {
        var criteria = tuning.hyperParameterTuningJobConfig().tuningJobCompletionCriteria();
        var target = criteria == null ? null : criteria.targetObjectiveMetricValue();
        return target != null
                && trials.best()
                        .flatMap(trials::objective)
                        .filter(best -> !trials.isBetter(target, best))
                        .isPresent();
    }

    /** Whether so many trials in a row, by the order of their numbers, were no better than the best before them. */
    private static boolean isNotImproving(DescribeHyperParameterTuningJobResponse tuning, Trials trials) {
        var criteria = tuning.hyperParameterTuningJobConfig().tuningJobCompletionCriteria();
        var limit = criteria == null || criteria.bestObjectiveNotImproving() == null
                ? null
                : criteria.bestObjectiveNotImproving().maxNumberOfTrainingJobsNotImproving();
        if (limit == null) {
            return false;
        }
        var best = trials.best().map(job -> job.trainingJobName()).orElse("");
        return !best.isEmpty()
                && trials.jobs().stream()
                                .filter(job -> job.trainingJobName().compareTo(best) > 0)
                                .filter(job -> trials.objectiveStatus(job) == ObjectiveStatus.SUCCEEDED)
                                .count()
                        >= limit;
    }

    /** Stops what still runs; once nothing does, the tuning job ends. */
    private void finish(Trials trials, HyperParameterTuningJobStatus status) {
        if (trials.active() == 0) {
            var failure =
                    "No training job succeeded after %d attempts. Please take a look at the training job failures to"
                            + " get more details.";
            end(
                    status,
                    status == HyperParameterTuningJobStatus.FAILED
                            ? failure.formatted(Math.min(ATTEMPTS, trials.jobs().size()))
                            : null);
            return;
        }
        trials.jobs().stream()
                .filter(job -> job.trainingJobStatus() == TrainingJobStatus.IN_PROGRESS)
                .forEach(job -> stop(job.trainingJobName()));
    }

    private void stop(String trial) {
        try {
            training.stop(
                    StopTrainingJobRequest.builder().trainingJobName(trial).build());
        } catch (Refusal justEnded) {
            log.debug("trial={} had just ended", trial);
        }
    }

    private void end(HyperParameterTuningJobStatus status, @Nullable String reason) {
        jobs.update(
                name,
                tuning -> tuning.toBuilder()
                        .hyperParameterTuningJobStatus(status)
                        .failureReason(reason)
                        .hyperParameterTuningEndTime(now())
                        .lastModifiedTime(now())
                        .consumedResources(consumed -> consumed.runtimeInSeconds((int)
                                Duration.between(tuning.creationTime(), now()).toSeconds()))
                        .build());
        log.info("tuning={} status={}", name, status);
    }

    private DescribeHyperParameterTuningJobResponse touched(
            DescribeHyperParameterTuningJobResponse before, DescribeHyperParameterTuningJobResponse after) {
        return after.equals(before)
                ? before
                : after.toBuilder().lastModifiedTime(now()).build();
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
