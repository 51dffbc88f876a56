package dev.bursar.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;

/** What all runs share. */
record RunParts(
        Path folder,
        Clock clock,
        Jobs jobs,
        Hosts hosts,
        ObjectStore store,
        Programs programs,
        Path childScript,
        String region,
        AtomicBoolean closing) {

    private static final long NEEDED = 1L << 30;

    boolean isClosing() {
        return closing.get();
    }

    boolean hasDiskSpace() {
        return free() >= NEEDED;
    }

    String diskSituation() {
        return "Waiting for disk space: %d MB free, %d MB needed".formatted(free() >> 20, NEEDED >> 20);
    }

    private long free() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
