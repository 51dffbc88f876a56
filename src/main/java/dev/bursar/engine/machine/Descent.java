// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * A folder reached from one above it step by step, each taken from the folder before and over no link: what somebody
 * makes of the path meanwhile leads nowhere else.
 */
final class Descent implements AutoCloseable {

    private final SecureDirectoryStream<Path> folder;

    private Descent(SecureDirectoryStream<Path> folder) {
        this.folder = folder;
    }

    /** Goes from a folder that is trusted down to one that is not. */
    static Descent into(Path trusted, Path folder) throws IOException {
        var reached = open(trusted);
        for (var step : trusted.relativize(folder)) {
            var before = reached;
            try (before) {
                reached = before.enter(step);
            }
        }
        return reached;
    }

    @SuppressWarnings("StreamResourceLeak") // It is closed with the descent that holds it.
    private static Descent open(Path folder) throws IOException {
        var stream = Files.newDirectoryStream(folder);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new Descent(secure);
        }
        stream.close();
        throw new IOException("this file system cannot be walked safely");
    }

    /** A folder in this one. */
    Descent enter(Path name) throws IOException {
        return new Descent(folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
    }

    Iterable<Path> entries() {
        return folder;
    }

    /** What an entry is; a link is a link. */
    BasicFileAttributes attributes(Path name) throws IOException {
        return folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    /**
     * Opens a plain file.
     *
     * @param living whether somebody may exchange it meanwhile: a pipe opened for reading only would wait for a writer,
     *     perhaps for ever, and one opened for both does not
     */
    SeekableByteChannel read(Path name, boolean living) throws IOException {
        if (!attributes(name).isRegularFile()) {
            throw new NoSuchFileException(name.toString());
        }
        Set<OpenOption> options = living
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        var channel = folder.newByteChannel(name, options);
        try {
            // A pipe has no position.
            channel.position();
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
