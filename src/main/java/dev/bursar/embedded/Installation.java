package dev.bursar.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** The home folder of one service on one machine: its secrets, and the lock that keeps a second service out. */
final class Installation implements AutoCloseable {

    private static final int SECRET_BYTES = 24;

    private final PrivateFolder home;
    private final PrivateFolder secrets;
    private final FileChannel lock;

    private Installation(PrivateFolder home, FileChannel lock) {
        this.home = home;
        this.secrets = home.folder("secrets");
        this.lock = lock;
    }

    static Installation open(Path folder) {
        var home = PrivateFolder.at(folder);
        return new Installation(home, lock(home));
    }

    PrivateFolder home() {
        return home;
    }

    PrivateFolder folder(String name) {
        return home.folder(name);
    }

    /** What the configuration says; else what this installation drew at its first start. */
    String secret(String name, @Nullable String configured) {
        if (StringUtils.hasText(configured)) {
            return configured;
        }
        return secrets.read(name).orElseGet(() -> draw(name));
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String draw(String name) {
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        var secret = HexFormat.of().formatHex(bytes);
        secrets.write(name, secret);
        return secret;
    }

    /** The lock is the operating system's and ends with the process, so that nothing stale can remain after a crash. */
    private static FileChannel lock(PrivateFolder home) {
        var holder = home.file("lock");
        try {
            var channel = FileChannel.open(holder, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new HomeInUse(home.path(), Files.readString(holder));
            }
            channel.truncate(0);
            channel.write(US_ASCII.encode(Long.toString(ProcessHandle.current().pid())));
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + holder, e);
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
