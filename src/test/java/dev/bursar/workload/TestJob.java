package dev.bursar.workload;

import dev.bursar.workload.Observation.Results;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A job in the SageMaker of the tests. */
final class TestJob {

    private boolean ours = true;
    private boolean news;
    private boolean readable = true;
    private String output = "s3://elsewhere/";
    private boolean unreachable;
    private boolean refusesToStop;
    private int looksToGoWithout;
    private int stopsToGoWithout;
    private State state = State.IN_PROGRESS;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;
    private Duration billed = Duration.ZERO;
    private boolean billIsFinal = true;
    private boolean unbilledRetry;
    private @Nullable StopCause stopCause;
    private @Nullable String failure;
    private String status = "Made up";
    private Results results = Results.NONE;
    private @Nullable Supplier<RuntimeException> breakage;

    static TestJob ofSomebodyElse() {
        var job = new TestJob();
        job.ours = false;
        return job;
    }

    /** Nobody here asked for it; its results go there, and SageMaker has news of it. */
    static TestJob withOutput(String uri) {
        var job = new TestJob();
        job.output = uri;
        job.news = true;
        return job;
    }

    /** Has news, but what SageMaker says of it nobody can make anything of. */
    static TestJob unreadable() {
        var job = new TestJob();
        job.output = "";
        job.news = true;
        job.readable = false;
        return job;
    }

    void hasNews() {
        news = true;
    }

    boolean isNews() {
        return news;
    }

    State state() {
        return state;
    }

    String output() {
        if (!readable) {
            throw new IllegalStateException("made up");
        }
        return output;
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

    /** SageMaker says this of it, word by word. */
    void says(String secondaryStatus, Results of) {
        status = secondaryStatus;
        results = of;
    }

    /** Whoever looks at it throws this. */
    void breaks(@Nullable Supplier<RuntimeException> with) {
        breakage = with;
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

    /** So many looks find no call left. */
    void goWithoutLooks(int count) {
        looksToGoWithout = count;
    }

    void goWithoutStops(int count) {
        stopsToGoWithout = count;
    }

    boolean takesNoLook() {
        return looksToGoWithout-- > 0;
    }

    boolean takesNoStop() {
        return stopsToGoWithout-- > 0;
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
        if (breakage != null) {
            throw breakage.get();
        }
        return new Observation(
                ours,
                state,
                status,
                "arn:" + name,
                startedAt,
                endedAt,
                new Observation.Usage(billed, billIsFinal && state.isOver()),
                unbilledRetry,
                stopCause,
                failure,
                results);
    }
}
