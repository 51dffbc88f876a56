// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import java.time.Instant;
import java.util.Optional;

/** The way a job's description goes from its creation to its end. Every step is on disk when it returns. */
public interface Course {

    /** Unique among the jobs of all kinds. */
    String key();

    boolean isStopping();

    /** Whether there is nothing left to do: it is at its end, or gone. */
    boolean hasEnded();

    /** Since when the job is billed. */
    Optional<Instant> startedAt();

    int maxRuntimeInSeconds();

    /** What the job waits for. */
    default void say(String message, Instant now) {}

    /** The hosts are there. */
    void start(Instant now);

    /** The data is there. */
    default void run(Instant now) {}

    void stop(Instant now);

    /** The processes have ended. */
    default void upload(Instant now) {}

    void complete(Instant end, Instant now);

    void stopped(boolean overdue, Instant end, Instant now);

    void fail(String reason, Instant end, Instant now);

    default boolean isOverdue(Instant now) {
        return startedAt().isPresent() && now.isAfter(startedAt().get().plusSeconds(maxRuntimeInSeconds()));
    }
}
