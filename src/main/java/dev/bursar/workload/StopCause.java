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
    /** The budget's owner wants it so, or it ends before the work would surely be over. */
    BUDGET_ACTION,
    /** The lab was frozen. */
    FROZEN,
    /** It waited longer in the queue than is allowed. */
    WAITED_TOO_LONG;

    /** For people who did not ask for the stop. */
    @Nullable String sentence() {
        return switch (this) {
            case MAX_RUNTIME ->
                "Stopped because its maxRuntime was over; what ran is charged. Ask for a longer one if it needs more.";
            case MAX_COST -> "Stopped because its maxCost was reached; what ran is charged.";
            case LEASE_END ->
                "Stopped because its budget had no money for the next stretch of time, or what it costs could not be seen;"
                        + " what ran is charged.";
            case WAITED_TOO_LONG -> "It waited in the queue for longer than is allowed; nothing was spent.";
            case USER, IDLE, TIME_TO_LIVE, BUDGET_ACTION, FROZEN -> null;
        };
    }
}
