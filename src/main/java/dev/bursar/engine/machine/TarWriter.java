// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import java.util.zip.GZIPOutputStream;

/** Writes {@code model.tar.gz} and {@code output.tar.gz}: members at the root, no leading folder. */
public final class TarWriter {

    private static final int BLOCK = 512;
    private static final int NAME = 100;

    private TarWriter() {}

    public static void write(SortedMap<String, Leaving> files, Path archive) throws IOException {
        try (var out = new GZIPOutputStream(Files.newOutputStream(archive), 1 << 16)) {
            for (var file : files.entrySet()) {
                append(out, file.getKey(), file.getValue());
            }
            out.write(new byte[2 * BLOCK]);
        }
    }

    private static void append(OutputStream out, String name, Leaving file) throws IOException {
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > NAME) {
            // GNU's way to give a name that does not fit: it is the content of a member of its own.
            var content = ByteBuffer.allocate(bytes.length + 1).put(bytes).array();
            out.write(header("././@LongLink".getBytes(StandardCharsets.UTF_8), content.length, 'L', 0));
            out.write(content);
            pad(out, content.length);
        }
        var size = file.size();
        out.write(header(bytes, size, '0', Math.max(0, file.modifiedSeconds())));
        try (var content = new Bounded(file.open(), size)) {
            if (content.transferTo(out) != size) {
                throw changed(file);
            }
        } catch (NoSuchFileException e) {
            throw changed(file);
        }
        pad(out, size);
    }

    private static JobFailure changed(Leaving file) {
        return new JobFailure(
                "ClientError: Artifact upload failed: %s changed while it was packed.".formatted(file.named()));
    }

    private static byte[] header(byte[] name, long size, char type, long modified) {
        var header = ByteBuffer.allocate(BLOCK);
        header.put(0, name, 0, Math.min(name.length, NAME));
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, octal(size));
        put(header, 136, octal(modified));
        put(header, 148, "        ");
        header.put(156, (byte) type);
        put(header, 257, "ustar\00000");
        var sum = 0;
        for (var octet : header.array()) {
            sum += octet & 0xff;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        return header.array();
    }

    /** Eleven octal digits. */
    private static String octal(long value) {
        if (value >= 1L << 33) {
            throw new JobFailure("ClientError: Artifact upload failed: a file of %d bytes is too large for the archive."
                    .formatted(value));
        }
        return String.format(Locale.ROOT, "%011o ", value);
    }

    private static void put(ByteBuffer header, int position, String text) {
        header.put(position, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void pad(OutputStream out, long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }
}
