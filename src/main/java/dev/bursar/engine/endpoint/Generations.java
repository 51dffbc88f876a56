// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import dev.bursar.engine.machine.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders of an endpoint's fleets, one for each deployment; the file {@code current} names the one that serves. */
record Generations(Path endpoint) {

    /** The fleet that serves, or that served when the last engine ended. */
    Optional<Path> serving() throws IOException {
        var current = endpoint.resolve("current");
        return Files.exists(current)
                ? Optional.of(endpoint.resolve("fleets")
                        .resolve(Files.readString(current).strip()))
                : Optional.empty();
    }

    /** From now on this one serves. */
    void serve(Path fleet) {
        Durable.write(endpoint.resolve("current"), fleet.getFileName() + "\n");
    }

    Path next() throws IOException {
        var last = all().stream()
                .mapToInt(folder -> Integer.parseInt(folder.getFileName().toString()))
                .max()
                .orElse(0);
        return Files.createDirectories(endpoint.resolve("fleets").resolve(String.valueOf(last + 1)));
    }

    List<Path> all() {
        var folder = endpoint.resolve("fleets");
        try (Stream<Path> found = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return found.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
