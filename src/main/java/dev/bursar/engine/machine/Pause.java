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
        growing(begun, 30);
    }

    /** The same, for what may be a matter of hours. */
    public static void patient(Instant begun) {
        growing(begun, 1_000);
    }

    private static void growing(Instant begun, int most) {
        sleep((int) Math.max(
                2, Math.min(most, Duration.between(begun, Instant.now()).toMillis() / 8)));
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
