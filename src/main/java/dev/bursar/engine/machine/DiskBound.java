// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks now and then how much the hosts of a job have written. No quota of the file system is needed, and none is as
 * prompt: a child can be a second ahead.
 */
public final class DiskBound {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The machine's own: the service's database lies there, too. */
    private static final long RESERVE = 512L << 20;

    private static final long NOTEWORTHY = 256L << 20;

    private final long bytes;
    private Instant next = Instant.MIN;

    public DiskBound(long bytes) {
        this.bytes = bytes;
    }

    /** Why the job cannot go on, if it has written too much. */
    public Optional<String> exceeded(List<Workspace> workspaces) throws IOException {
        if (workspaces.isEmpty() || Instant.now().isBefore(next)) {
            return Optional.empty();
        }
        var most = 0L;
        for (var workspace : workspaces) {
            most = Math.max(most, written(workspace.root()));
        }
        next = Instant.now().plus(INTERVAL);
        if (most > bytes) {
            return Optional.of("ClientError: No space left on device: the job has written %d bytes, its volume has %d."
                    .formatted(most, bytes));
        }
        var usable = Files.getFileStore(workspaces.get(0).root()).getUsableSpace();
        return usable < RESERVE && most > NOTEWORTHY
                ? Optional.of(
                        "ClientError: No space left on device: the job has written %d bytes, the engine's disk has"
                                        .formatted(most)
                                + " only %d left, and keeps %d free.".formatted(usable, RESERVE))
                : Optional.empty();
    }

    private static long written(Path folder) throws IOException {
        var sum = new long[1];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException justGoneOrUnreadable) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException partlyGone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }
}
