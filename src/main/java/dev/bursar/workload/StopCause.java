package dev.bursar.workload;

import org.jspecify.annotations.Nullable;

/** Why a workload was stopped. */
public enum StopCause {
    /** Somebody asked for it. */
    USER,
    /** Its own maximum run time was over. */
    MAX_RUNTIME,
    /** Its maxCost was reached. */
    MAX_COST,
    /** Its lease could not be renewed. */
    LEASE_END,
    /** Nobody used it. */
    IDLE,
    /** Its time to live was over. */
    TIME_TO_LIVE,
    /** The budget's owner wants it so. */
    BUDGET_ACTION,
    /** The lab was frozen. */
    FROZEN,
    /** It waited longer in the queue than is allowed. */
    WAITED_TOO_LONG;

    /** For people who did not ask for the stop. */
    @Nullable String sentence() {
        return this == MAX_RUNTIME
                ? "Stopped because its maxRuntime was over; what ran is charged. Ask for a longer one if it needs more."
                : null;
    }
}
