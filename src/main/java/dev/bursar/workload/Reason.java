package dev.bursar.workload;

import org.jspecify.annotations.Nullable;

/** What a queued workload waits for. Only {@code BUDGET}, {@code METER_STALE} and {@code FROZEN} hold no money. */
public enum Reason {
    /** Enough money exists, but it is held by running work. */
    BUDGET,
    /** The quota of the instance type is in use. */
    CONCURRENCY,
    /** AWS has no such machines free. */
    CAPACITY,
    /** AWS wants fewer calls. */
    RATE_LIMIT,
    /** AWS does not accept our credentials, or they may not do this. */
    DENIED,
    /** What runs cannot be seen, so nothing new is held or started. */
    METER_STALE,
    /** The budget is frozen. */
    FROZEN;

    /** Whether what waits for this has no money set aside. */
    static boolean holdsNothing(@Nullable Reason reason) {
        return reason == BUDGET || reason == METER_STALE || reason == FROZEN;
    }
}
