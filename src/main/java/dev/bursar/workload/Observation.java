package dev.bursar.workload;

import dev.bursar.core.StorableText;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
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

    /** No failure message of SageMaker's is longer than 1,024 characters; engines and scripts may do as they like. */
    private static final int WORDS = 4_000;

    private static final int NAME = 1_024;
    private static final int MOST_METRICS = 1_000;

    /** What SageMaker and people's programs wrote enters here, and is made such that it can be kept (rule C4). */
    public Observation {
        secondaryStatus = storable(secondaryStatus, NAME);
        arn = storable(arn, NAME);
        failure = failure == null ? null : StorableText.of(failure, WORDS);
    }

    private static String storable(@Nullable String text, int most) {
        return text == null ? "" : StorableText.of(text, most);
    }

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
     * @param metrics the last value of each metric; of too many, the first by name
     */
    public record Results(@Nullable String artefact, Map<String, Double> metrics) {

        public Results {
            artefact = artefact == null ? null : StorableText.of(artefact, NAME);
            metrics = storable(metrics);
        }

        private static Map<String, Double> storable(Map<String, Double> said) {
            var kept = new TreeMap<String, Double>();
            said.forEach((name, value) -> kept.put(StorableText.of(name, NAME), value));
            while (kept.size() > MOST_METRICS) {
                kept.pollLastEntry();
            }
            return Collections.unmodifiableMap(kept);
        }

        public static final Results NONE = new Results(null, Map.of());
    }
}
