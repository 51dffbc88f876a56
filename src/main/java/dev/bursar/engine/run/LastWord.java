// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import dev.bursar.engine.machine.Pause;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that nobody works on any more has ended, whatever ended the work: else it would wait, and cost, for ever. */
public final class LastWord {

    /** What is said of a failure that is the engine's own. */
    public static final String INTERNAL = "InternalServerError: We encountered an internal error. Please try again.";

    private static final Logger log = LoggerFactory.getLogger(LastWord.class);

    private final Course course;
    private final BooleanSupplier isClosing;
    private final Clock clock;

    public LastWord(Course course, BooleanSupplier isClosing, Clock clock) {
        this.course = course;
        this.isClosing = isClosing;
        this.clock = clock;
    }

    /** Fails the job unless it has ended; tries again for as long as that itself fails, and says so once. */
    public void speak() {
        var begun = Instant.now();
        var trouble = trouble();
        trouble.ifPresent(e -> log.error(
                "job={} has nobody to go on with it and cannot be failed: {}. Can the engine's folder be written, is its disk full? It is tried again until that goes",
                course.key(),
                e.toString()));
        while (trouble.isPresent() && !isClosing.getAsBoolean()) {
            Pause.patient(begun);
            trouble = trouble();
        }
    }

    /** What keeps the job from having ended. */
    private Optional<Throwable> trouble() {
        try {
            if (!isClosing.getAsBoolean() && !course.hasEnded()) {
                course.fail(INTERNAL, clock.instant(), clock.instant());
                log.error("job={} had nobody to go on with it; it has failed", course.key());
            }
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            return Optional.of(e);
        }
    }
}
