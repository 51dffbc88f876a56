package dev.bursar.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** What one service keeps on one machine: data, secrets, and the lock that keeps a second service out. */
final class Home implements AutoCloseable {

    private static final int SECRET_BYTES = 24;

    private final PrivateFolder folder;
    private final FileChannel lock;

    private Home(PrivateFolder folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    static Home open(Path path) {
        var folder = PrivateFolder.at(path);
        return new Home(folder, lock(folder));
    }

    PrivateFolder folder() {
        return folder;
    }

    /** What the configuration says; else what was drawn at the first start. */
    String secret(String name, @Nullable String configured) {
        if (StringUtils.hasText(configured)) {
            return configured;
        }
        var secrets = folder.folder("secrets");
        return secrets.read(name).orElseGet(() -> draw(name, secrets));
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String draw(String name, PrivateFolder secrets) {
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        var secret = HexFormat.of().formatHex(bytes);
        secrets.write(name, secret);
        return secret;
    }

    /** The lock is the operating system's and ends with the process, so that nothing stale can remain after a crash. */
    private static FileChannel lock(PrivateFolder folder) {
        var file = folder.file("lock");
        try {
            var channel = FileChannel.open(file, CREATE, WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new HomeInUse(folder.path(), Files.readString(file));
            }
            channel.truncate(0);
            channel.write(US_ASCII.encode(Long.toString(ProcessHandle.current().pid())));
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
