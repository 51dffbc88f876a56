package dev.bursar.workload;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What of a workload makes whoever waits for a change look up. */
record Mark(
        WorkloadId id,
        State state,
        @Nullable Reason reason,
        @Nullable String secondaryStatus,
        @Nullable Instant settledAt,
        int attempt) {

    static Mark of(WorkloadView view) {
        return new Mark(
                view.id(), view.state(), view.reason(), view.secondaryStatus(), view.settledAt(), view.attempt());
    }

    /** It has ended, and its bill is paid. */
    boolean isOver() {
        return state == State.REJECTED || (state.isOver() && settledAt != null);
    }
}
