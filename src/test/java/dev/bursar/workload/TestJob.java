package dev.bursar.workload;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A job in the SageMaker of the tests. */
final class TestJob {

    private boolean ours = true;
    private boolean unreachable;
    private boolean refusesToStop;
    private State state = State.IN_PROGRESS;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;
    private Duration billed = Duration.ZERO;
    private boolean billIsFinal = true;
    private boolean unbilledRetry;
    private @Nullable StopCause stopCause;
    private @Nullable String failure;

    static TestJob ofSomebodyElse() {
        var job = new TestJob();
        job.ours = false;
        return job;
    }

    void starts(Instant at) {
        startedAt = at;
    }

    void ends(State last, Instant at, Duration bill) {
        state = last;
        endedAt = at;
        billed = bill;
    }

    void fails(Instant at, Duration bill, String words) {
        ends(State.FAILED, at, bill);
        failure = words;
    }

    void failsForCapacity(Instant at) {
        fails(at, Duration.ZERO, "CapacityError: Unable to provision requested ML compute capacity.");
        unbilledRetry = true;
    }

    void reachesItsLimit(Instant at, Duration bill) {
        ends(State.STOPPED, at, bill);
        stopCause = StopCause.MAX_RUNTIME;
    }

    void billIsFinal(boolean whether) {
        billIsFinal = whether;
    }

    void forgetsWhenItEnded() {
        endedAt = null;
    }

    void unreachable(boolean whether) {
        unreachable = whether;
    }

    void refusesToStop(boolean whether) {
        refusesToStop = whether;
    }

    boolean isUnreachable() {
        return unreachable;
    }

    void askToStop() {
        if (!state.isOver() && !refusesToStop) {
            state = State.STOPPING;
        }
    }

    Observation observation(String name) {
        return new Observation(
                ours,
                state,
                "Made up",
                "arn:" + name,
                startedAt,
                endedAt,
                new Observation.Usage(billed, billIsFinal && state.isOver()),
                unbilledRetry,
                stopCause,
                failure,
                Observation.Results.NONE);
    }
}
