package dev.bursar.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What SageMaker says of a run. All times are SageMaker's.
 *
 * @param ours whether what Describe echoes is this very run; a foreign one only has the same name
 * @param startedAt from when it is billed; null if it never was
 * @param usage what is on the bill
 * @param unbilledRetry it ended without ever being billed, for a reason that a new attempt may not meet
 */
public record Observation(
        boolean ours,
        State state,
        String secondaryStatus,
        String arn,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        Usage usage,
        boolean unbilledRetry,
        @Nullable StopCause stopCause,
        @Nullable String failure,
        Results results) {

    /** What a person should know of its end: why it failed, or why it was stopped although nobody asked for it. */
    @Nullable String words(@Nullable StopCause ordered) {
        var cause = ordered == null ? stopCause : ordered;
        return failure == null && cause != null ? cause.sentence() : failure;
    }

    /**
     * Instance time on the bill.
     *
     * @param isFinal whether SageMaker has said its last word on it
     */
    public record Usage(Duration instanceTime, boolean isFinal) {

        public static final Usage NONE = new Usage(Duration.ZERO, true);
    }

    /**
     * What came of it.
     *
     * @param artefact where the model is, in S3
     * @param metrics the last value of each metric
     */
    public record Results(@Nullable String artefact, Map<String, Double> metrics) {

        public static final Results NONE = new Results(null, Map.of());
    }
}
