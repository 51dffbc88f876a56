// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Unpacks the user's {@code sourcedir.tar.gz}; nothing of it may lie, or point, outside the target folder. */
public final class TarReader {

    private static final int BLOCK = 512;
    private static final long LIMIT = 1L << 30;
    private static final Pattern PAX_PATH = Pattern.compile("\\d+ path=([^\\n]*)\\n");

    private final InputStream in;
    private final Path target;
    private long unpacked;

    private TarReader(InputStream in, Path target) {
        this.in = in;
        this.target = target;
    }

    public static void unpack(Path archive, Path target, String origin) throws IOException {
        try (var in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive), 1 << 16))) {
            new TarReader(in, target.toAbsolutePath().normalize()).unpack();
        } catch (ZipException | EOFException e) {
            throw new JobFailure("ClientError: %s is not a tar.gz archive: %s".formatted(origin, e.getMessage()));
        } catch (FileSystemException | InvalidPathException e) {
            throw JobFailure.unstorable("A member of " + origin, e);
        }
    }

    private void unpack() throws IOException {
        var longName = "";
        for (var header = block(); header != null && header[0] != 0; header = block()) {
            var name = longName.isEmpty() ? name(header) : longName;
            longName = "";
            var size = number(header, 124, 12, "size");
            switch (header[156]) {
                case 'L' -> longName = text(size).replace("\0", "");
                case 'x' -> longName = paxPath(text(size));
                case 'g' -> text(size);
                case '5' -> Files.createDirectories(inside(name));
                case '0', 0 -> file(inside(name), size, header);
                case '1', '2' ->
                    throw new JobFailure(
                            "ClientError: the archive member %s is a link; links are not unpacked".formatted(name));
                default ->
                    throw new JobFailure(
                            "ClientError: the archive member %s is neither a file nor a folder".formatted(name));
            }
        }
    }

    private Path inside(String name) {
        var path = target.resolve(name).normalize();
        if (name.startsWith("/") || !path.startsWith(target)) {
            throw new JobFailure(
                    "ClientError: the archive member %s would lie outside the code folder".formatted(name));
        }
        return path;
    }

    private void file(Path path, long size, byte[] header) throws IOException {
        unpacked += size;
        if (unpacked > LIMIT) {
            throw new JobFailure("ClientError: the archive unpacks to more than %d bytes".formatted(LIMIT));
        }
        Files.createDirectories(Durable.parent(path));
        Files.copy(new Part(size), path, StandardCopyOption.REPLACE_EXISTING);
        skipPadding(size);
        if ((number(header, 100, 8, "mode") & 0100) != 0) {
            path.toFile().setExecutable(true);
        }
    }

    private String text(long size) throws IOException {
        if (size > 1 << 20) {
            throw new JobFailure("ClientError: the archive has a header of %d bytes".formatted(size));
        }
        var text = new String(in.readNBytes((int) size), StandardCharsets.UTF_8);
        skipPadding(size);
        return text;
    }

    private void skipPadding(long size) throws IOException {
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private byte @Nullable [] block() throws IOException {
        var block = in.readNBytes(BLOCK);
        return block.length == BLOCK ? block : null;
    }

    private static String paxPath(String records) {
        var path = PAX_PATH.matcher(records);
        return path.find() ? path.group(1) : "";
    }

    private static String name(byte[] header) {
        var prefix = field(header, 345, 155);
        var isPosix = field(header, 257, 6).equals("ustar");
        return isPosix && !prefix.isEmpty() ? prefix + "/" + field(header, 0, 100) : field(header, 0, 100);
    }

    private static long number(byte[] header, int from, int length, String what) {
        try {
            return Long.parseUnsignedLong(field(header, from, length), 8);
        } catch (NumberFormatException e) {
            throw new JobFailure("ClientError: the archive is damaged: a member has no readable " + what);
        }
    }

    /** A field up to its first zero. */
    private static String field(byte[] header, int from, int length) {
        var end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8).strip();
    }

    /** The content of one member as a stream of its own. */
    private final class Part extends InputStream {

        private long left;

        Part(long size) {
            left = size;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            var count = in.read(buffer, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("it ends in the middle of a member");
            }
            left -= count;
            return count;
        }
    }
}
