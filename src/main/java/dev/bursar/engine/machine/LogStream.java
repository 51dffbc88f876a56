// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of one host: the child writes its lines to a file, the engine notes beside it up to which byte it had grown
 * when. A line is seen once it is complete and noted.
 */
public final class LogStream {

    private static final int RECORD = 2 * Long.BYTES;

    private final Workspace workspace;

    /** A line, where it begins and where the next one does. */
    public record Line(long from, long to, String text, Instant time) {}

    public LogStream(Workspace workspace) {
        this.workspace = workspace;
    }

    /** A line as the log pipeline shows it: it writes control characters as octal numbers. */
    public static String shown(String line) {
        return line.replace("\t", "#011").replace("\r", "#015");
    }

    /** Notes how far the log has grown. */
    public void mark(Instant now) {
        try {
            var size = Files.exists(workspace.log()) ? Files.size(workspace.log()) : 0;
            if (size > end()) {
                var mark = ByteBuffer.allocate(RECORD).putLong(size).putLong(now.toEpochMilli());
                Files.write(workspace.times(), mark.array(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds lines of the engine's own, after the child's last. */
    public void add(List<String> lines) throws IOException {
        var log = workspace.log();
        var cut = Files.exists(log) && Files.size(log) > 0 && bytes(Files.size(log) - 1, Files.size(log))[0] != '\n';
        Files.writeString(
                log,
                (cut ? "\n" : "") + String.join("\n", lines) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Complete lines from a position on, as many as fit; a line that does not fit by itself comes in pieces. */
    public List<Line> after(long position, int lines, int bytes) {
        var to = Math.min(end(), position + bytes);
        var found = read(position, to, lines);
        if (found.isEmpty() && to - position == bytes) {
            var piece = workspace.disguised(new String(bytes(position, to), StandardCharsets.UTF_8));
            return List.of(new Line(position, to, piece, time(marks(), to)));
        }
        return found;
    }

    /** The last complete lines before a position, as many as fit. */
    public List<Line> before(long position, int lines, int bytes) {
        var to = Math.min(position, end());
        var from = Math.max(0, to - bytes);
        var found = read(from, to, Integer.MAX_VALUE);
        // The first one may have been cut in the middle.
        var whole = from > 0 && !found.isEmpty() ? found.subList(1, found.size()) : found;
        return List.copyOf(whole.subList(Math.max(0, whole.size() - lines), whole.size()));
    }

    /** Where the noted part ends. */
    public long end() {
        try (var times = new RandomAccessFile(workspace.times().toFile(), "r")) {
            var records = times.length() / RECORD;
            if (records == 0) {
                return 0;
            }
            times.seek((records - 1) * RECORD);
            return times.readLong();
        } catch (FileNotFoundException nothingYet) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Line> read(long from, long to, int limit) {
        var lines = new ArrayList<Line>();
        var content = bytes(from, to);
        var marks = marks();
        var closed = Files.exists(workspace.root().resolve("exit")) && to == end();
        var start = 0;
        for (int index = 0; index < content.length && lines.size() < limit; index++) {
            if (content[index] == '\n' || (closed && index == content.length - 1)) {
                var length = content[index] == '\n' ? index - start : index + 1 - start;
                var text = workspace.disguised(new String(content, start, length, StandardCharsets.UTF_8));
                lines.add(new Line(from + start, from + index + 1, text, time(marks, from + index + 1)));
                start = index + 1;
            }
        }
        return lines;
    }

    private byte[] bytes(long from, long to) {
        if (to <= from) {
            return new byte[0];
        }
        try (var file = new RandomAccessFile(workspace.log().toFile(), "r")) {
            var content = new byte[(int) (to - from)];
            file.seek(from);
            file.readFully(content);
            return content;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant time(List<long[]> marks, long position) {
        var low = 0;
        var high = marks.size() - 1;
        while (low < high) {
            var middle = (low + high) / 2;
            if (marks.get(middle)[0] >= position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return Instant.ofEpochMilli(marks.get(low)[1]);
    }

    private List<long[]> marks() {
        try {
            var marks = new ArrayList<long[]>();
            if (Files.exists(workspace.times())) {
                var records = ByteBuffer.wrap(Files.readAllBytes(workspace.times()));
                while (records.remaining() >= RECORD) {
                    marks.add(new long[] {records.getLong(), records.getLong()});
                }
            }
            return marks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
