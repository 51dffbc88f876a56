// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.time.Duration;
import java.time.Instant;

/** A short wait in real time between two looks at the clock, which may run faster. */
public final class Pause {

    private Pause() {}

    public static void brief() {
        sleep(30);
    }

    /** A wait in proportion to the time since something began, so that what is short is noticed soon. */
    public static void growing(Instant begun) {
        sleep((int) Math.max(
                2, Math.min(30, Duration.between(begun, Instant.now()).toMillis() / 8)));
    }

    /** For what takes milliseconds. */
    public static void tiny() {
        sleep(2);
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
