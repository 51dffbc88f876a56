// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.cloudwatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Every invocation of an endpoint and how long its model took: in memory, and in a file for the next engine. */
public final class InvocationMetrics implements AutoCloseable {

    private final FileChannel file;
    private final List<Invocation> invocations = new ArrayList<>();

    record Invocation(Instant at, String endpoint, String variant, long micros) {}

    public InvocationMetrics(Path file) {
        try {
            if (Files.exists(file)) {
                Files.readAllLines(file).forEach(this::load);
            }
            this.file = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public synchronized void add(Instant at, String endpoint, String variant, Duration latency) {
        var micros = latency.toNanos() / 1000;
        invocations.add(new Invocation(at, endpoint, variant, micros));
        var line = "%d %s %s %d%n".formatted(at.toEpochMilli(), endpoint, variant, micros);
        try {
            file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The invocations of an endpoint, or of all if none is named, from one time until just before another. */
    synchronized List<Invocation> between(String endpoint, String variant, Instant from, Instant until) {
        return invocations.stream()
                .filter(one -> endpoint.isEmpty() || one.endpoint().equals(endpoint))
                .filter(one -> variant.isEmpty() || one.variant().equals(variant))
                .filter(one -> !one.at().isBefore(from) && one.at().isBefore(until))
                .toList();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line that a crash has cut is left out. */
    private void load(String line) {
        var parts = line.split(" ", -1);
        if (parts.length == 4 && parts[3].matches("\\d+")) {
            invocations.add(new Invocation(
                    Instant.ofEpochMilli(Long.parseLong(parts[0])), parts[1], parts[2], Long.parseLong(parts[3])));
        }
    }
}
