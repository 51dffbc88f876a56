// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import dev.bursar.engine.machine.Pause;
import java.time.Clock;
import java.time.Instant;
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

    /** Fails the job unless it has ended; tries again for as long as that itself fails, such as on a full disk. */
    public void speak() {
        var begun = Instant.now();
        while (!isClosing.getAsBoolean() && isOpen()) {
            Pause.growing(begun);
        }
    }

    private boolean isOpen() {
        try {
            if (!course.hasEnded()) {
                log.error("job={} has nobody to go on with it; it fails", course.key());
                course.fail(INTERNAL, clock.instant(), clock.instant());
            }
            return false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            log.error("job={} cannot be failed, which is tried again", course.key(), e);
            return true;
        }
    }
}
