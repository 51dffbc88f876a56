package dev.bursar.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, as they lie on the class path for this machine. They are unpacked once, beside their place,
 * and moved there when complete; the place is named after the archive's digest, so that a new version gets a new one.
 */
final class PostgreSqlArchive {

    private final byte[] archive;

    private PostgreSqlArchive(byte[] archive) {
        this.archive = archive;
    }

    static PostgreSqlArchive forThisMachine() {
        try (var stream = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                System.getProperty("os.name"), System.getProperty("os.arch"))) {
            return new PostgreSqlArchive(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path unpackInto(Path folder) {
        var place = folder.resolve("postgresql-" + digest());
        if (Files.isDirectory(place)) {
            return place;
        }
        var half = folder.resolve(".unpacking-" + UUID.randomUUID());
        try {
            unpack(half);
            moveUnlessAnotherWasFaster(half, place);
            return place;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack PostgreSQL into " + folder, e);
        }
    }

    private String digest() {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(archive);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void unpack(Path root) throws IOException {
        Files.createDirectories(root);
        try (var tar = new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, root);
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, TarArchiveInputStream tar, Path root) throws IOException {
        var target = inside(root, root.resolve(entry.getName()), entry);
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            inside(root, target.resolveSibling(entry.getLinkName()), entry);
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(new BufferedInputStream(tar), target);
        Files.setPosixFilePermissions(
                target, PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static Path inside(Path root, Path path, TarArchiveEntry entry) throws IOException {
        var normal = path.normalize();
        if (!normal.startsWith(root)) {
            throw new IOException("The archive's entry " + entry.getName() + " leaves its folder");
        }
        return normal;
    }

    private static void moveUnlessAnotherWasFaster(Path half, Path place) throws IOException {
        try {
            Files.move(half, place, ATOMIC_MOVE);
        } catch (IOException e) {
            FileSystemUtils.deleteRecursively(half);
            if (!Files.isDirectory(place)) {
                throw e;
            }
        }
    }
}
