package dev.bursar.workload;

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
    WAITED_TOO_LONG
}
