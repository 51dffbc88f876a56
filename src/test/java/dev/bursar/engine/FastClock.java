// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Runs some times faster than real time. */
final class FastClock extends Clock {

    private final int factor;
    private final long start = System.nanoTime();
    private final Instant origin = Instant.now();

    FastClock(int factor) {
        this.factor = factor;
    }

    @Override
    public Instant instant() {
        return origin.plusNanos((System.nanoTime() - start) * factor);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
