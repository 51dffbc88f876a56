package dev.bursar.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** What {@code postmaster.pid} says about the server of one data folder, and whether it is still true. */
record Postmaster(Path cluster) {

    /** The server of this very folder; a process that merely got the same number later is not it. */
    Optional<ProcessHandle> living() {
        return process().filter(this::servesThisFolder);
    }

    /** PostgreSQL believes every pid file whose number is alive, whoever that is. */
    void forgetIfReplaced() {
        if (process().isPresent() && living().isEmpty()) {
            try {
                Files.deleteIfExists(file());
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot remove the stale " + file(), e);
            }
        }
    }

    private Optional<ProcessHandle> process() {
        try (var lines = Files.lines(file())) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("\\d{1,10}"))
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                    .filter(ProcessHandle::isAlive);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file(), e);
        }
    }

    private boolean servesThisFolder(ProcessHandle process) {
        var info = process.info();
        return info.command().filter(command -> command.endsWith("/postgres")).isPresent()
                && info.arguments().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(argument -> argument.equals(cluster.toString()));
    }

    private Path file() {
        return cluster.resolve("postmaster.pid");
    }
}
