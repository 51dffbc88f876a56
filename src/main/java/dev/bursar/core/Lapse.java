package dev.bursar.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that runs k times faster than the real one, so that a month can be tried in an afternoon. Where it set out is
 * kept in a file: after a restart it goes on, never back.
 */
public final class Lapse extends Clock {

    private final int factor;
    private final Instant origin;
    private final Clock real;
    private final ZoneId zone;

    private Lapse(int factor, Instant origin, Clock real, ZoneId zone) {
        this.factor = factor;
        this.origin = origin;
        this.real = real;
        this.zone = zone;
    }

    public static Clock of(int factor, Path file) throws IOException {
        if (factor < 1 || factor > 100_000) {
            throw new IllegalArgumentException("time may run 1 to 100000 times faster, not " + factor);
        }
        if (!Files.exists(file)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, Instant.now(Clock.systemUTC()).toString());
        }
        return new Lapse(factor, Instant.parse(Files.readString(file).strip()), Clock.systemUTC(), ZoneOffset.UTC);
    }

    @Override
    public Instant instant() {
        return origin.plus(Duration.between(origin, real.instant()).multipliedBy(factor));
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new Lapse(factor, origin, real, other);
    }
}
