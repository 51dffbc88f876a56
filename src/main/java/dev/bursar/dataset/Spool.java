package dev.bursar.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.core.sync.RequestBody;

/** A part of an upload that waits in a file of its own until its length is known; one part after the other. */
final class Spool implements AutoCloseable {

    private static final int BUFFER = 16 * 1024;

    private final int most;
    private final Path file;

    Spool(int most) {
        this.most = most;
        try {
            this.file = Files.createTempFile("bursar-upload-", ".part");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the next bytes in place of those before; fewer than most only at the end. */
    long fill(InputStream from) throws IOException {
        var bytes = new byte[BUFFER];
        long taken = 0;
        try (var out = Files.newOutputStream(file)) {
            while (taken < most) {
                var some = from.read(bytes, 0, (int) Math.min(BUFFER, most - taken));
                if (some < 0) {
                    break;
                }
                out.write(bytes, 0, some);
                taken += some;
            }
        }
        return taken;
    }

    RequestBody body() {
        return RequestBody.fromFile(file);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
