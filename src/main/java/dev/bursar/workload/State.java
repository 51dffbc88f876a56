package dev.bursar.workload;

import java.util.EnumSet;
import java.util.Set;

/** Where a workload is in its life. One machine for every kind; SageMaker's secondary status is shown beside it. */
public enum State {
    /** Waits for its owner's word; holds nothing. */
    PENDING_APPROVAL,
    /** Was not approved. */
    REJECTED,
    /** Waits for its turn, and says for what. */
    QUEUED,
    /** Is being created in SageMaker; whether it exists there may not be known. */
    STARTING,
    /** Exists in SageMaker and is not over. */
    IN_PROGRESS,
    /** Was told to stop and is not over. */
    STOPPING,
    /** An endpoint that was taken down and can be woken. */
    HIBERNATED,
    /** Ended well. */
    COMPLETED,
    /** Ended badly; its message says why. */
    FAILED,
    /** Was ended by somebody, or by its own limit; its stop cause says which. */
    STOPPED;

    public boolean isOver() {
        return switch (this) {
            case COMPLETED, FAILED, STOPPED, REJECTED -> true;
            case PENDING_APPROVAL, QUEUED, STARTING, IN_PROGRESS, STOPPING, HIBERNATED -> false;
        };
    }

    boolean mayBecome(State next) {
        return this == next || successors().contains(next);
    }

    Set<State> successors() {
        return switch (this) {
            case PENDING_APPROVAL -> EnumSet.of(QUEUED, REJECTED, STOPPED);
            case QUEUED -> EnumSet.of(STARTING, STOPPED, FAILED);
            case STARTING -> EnumSet.of(QUEUED, IN_PROGRESS, STOPPING, COMPLETED, FAILED, STOPPED);
            case IN_PROGRESS -> EnumSet.of(QUEUED, STOPPING, COMPLETED, FAILED, STOPPED);
            case STOPPING -> EnumSet.of(HIBERNATED, COMPLETED, FAILED, STOPPED);
            case HIBERNATED -> EnumSet.of(QUEUED, STOPPED);
            case REJECTED, COMPLETED, FAILED, STOPPED -> EnumSet.noneOf(State.class);
        };
    }
}
