// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import java.time.Instant;
import java.util.ArrayList;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatusTransition;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

/** Steps of a job's history, with the texts SageMaker shows. Pure. */
public final class TrainingHistory {

    private TrainingHistory() {}

    /** Enters a secondary status: ends the last transition and opens one, which a terminal status closes at once. */
    static DescribeTrainingJobResponse to(
            DescribeTrainingJobResponse job, SecondaryStatus status, String message, Instant now) {
        var transitions = new ArrayList<>(job.secondaryStatusTransitions());
        if (!transitions.isEmpty()) {
            var last = transitions.size() - 1;
            transitions.set(last, transitions.get(last).toBuilder().endTime(now).build());
        }
        transitions.add(SecondaryStatusTransition.builder()
                .status(status)
                .startTime(now)
                .endTime(isLast(status) ? now : null)
                .statusMessage(message)
                .build());
        return job.toBuilder()
                .secondaryStatus(status)
                .secondaryStatusTransitions(transitions)
                .lastModifiedTime(now)
                .build();
    }

    /** Changes the text of the open transition. */
    static DescribeTrainingJobResponse say(DescribeTrainingJobResponse job, String message, Instant now) {
        var transitions = new ArrayList<>(job.secondaryStatusTransitions());
        var last = transitions.size() - 1;
        if (transitions.get(last).statusMessage().equals(message)) {
            return job;
        }
        transitions.set(
                last, transitions.get(last).toBuilder().statusMessage(message).build());
        return job.toBuilder()
                .secondaryStatusTransitions(transitions)
                .lastModifiedTime(now)
                .build();
    }

    /** Ends a job. One that never started has neither start nor end nor anything to pay. */
    static DescribeTrainingJobResponse end(
            DescribeTrainingJobResponse job,
            TrainingJobStatus status,
            SecondaryStatus secondary,
            String message,
            Instant now) {
        var ended = to(job, secondary, message, now).toBuilder()
                .trainingJobStatus(status)
                .build();
        return job.trainingStartTime() == null ? ended : billedUntil(ended, now);
    }

    static DescribeTrainingJobResponse billedUntil(DescribeTrainingJobResponse job, Instant end) {
        var seconds =
                (int) Math.max(1, (end.toEpochMilli() - job.trainingStartTime().toEpochMilli()) / 1000);
        return job.toBuilder()
                .trainingEndTime(end)
                .trainingTimeInSeconds(seconds)
                .billableTimeInSeconds(seconds)
                .build();
    }

    static DescribeTrainingJobResponse fail(DescribeTrainingJobResponse job, String reason, Instant now) {
        return end(job, TrainingJobStatus.FAILED, SecondaryStatus.FAILED, "Training job failed", now).toBuilder()
                .failureReason(reason)
                .build();
    }

    static DescribeTrainingJobResponse stopping(DescribeTrainingJobResponse job, Instant now) {
        return to(job, SecondaryStatus.STOPPING, "Stopping the training job", now).toBuilder()
                .trainingJobStatus(TrainingJobStatus.STOPPING)
                .build();
    }

    public static boolean isTerminal(DescribeTrainingJobResponse job) {
        return switch (job.trainingJobStatus()) {
            case COMPLETED, FAILED, STOPPED -> true;
            default -> false;
        };
    }

    private static boolean isLast(SecondaryStatus status) {
        return switch (status) {
            case COMPLETED, FAILED, STOPPED, MAX_RUNTIME_EXCEEDED -> true;
            default -> false;
        };
    }
}
