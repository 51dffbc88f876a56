package dev.bursar.dataset;

import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Looks through a script's tar.gz as it streams by, without unpacking it. */
final class ScriptArchive {

    static final int MAX_ENTRIES = 10_000;
    static final long MAX_UNPACKED_BYTES = 1L << 30;

    private final String name;
    private final String entryPoint;
    private final long mostUnpackedBytes;

    ScriptArchive(String name, String entryPoint) {
        this(name, entryPoint, MAX_UNPACKED_BYTES);
    }

    ScriptArchive(String name, String entryPoint, long mostUnpackedBytes) {
        this.name = name;
        this.entryPoint = entryPoint;
        this.mostUnpackedBytes = mostUnpackedBytes;
    }

    void check(InputStream file) {
        try (var unzipped = GzipCompressorInputStream.builder()
                        .setInputStream(new BufferedInputStream(file))
                        .setDecompressConcatenated(true)
                        .get();
                var tar = new TarArchiveInputStream(new Bounded(unzipped))) {
            if (!contains(tar)) {
                throw unusable("does not contain the entryPoint " + FilePath.shown(entryPoint)
                        + " (a path from the archive's root)");
            }
        } catch (SocketException | SocketTimeoutException e) {
            throw Store.brokenOff(e);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable("is not a tar archive compressed with gzip ("
                    + FilePath.shown(String.valueOf(e.getMessage())) + "); make one with tar -czf");
        }
    }

    /** Goes to the end, so that nothing escapes behind the file that is looked for. */
    private boolean contains(TarArchiveInputStream tar) throws IOException {
        var found = false;
        int entries = 0;
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (++entries > MAX_ENTRIES) {
                throw unusable("has more than " + MAX_ENTRIES + " entries");
            }
            if (!entry.isCheckSumOK()) {
                throw new IOException("a header's checksum is wrong");
            }
            requireHarmless(entry);
            found |= entry.isFile() && plain(entry.getName()).equals(plain(entryPoint));
        }
        return found;
    }

    private void requireHarmless(TarArchiveEntry entry) {
        var shown = FilePath.shown(entry.getName());
        if (leadsOut(entry.getName())) {
            throw unusable("has the entry " + shown + ", which may lead out of the folder that it is unpacked to");
        }
        if ((entry.isSymbolicLink() || entry.isLink()) && leadsOut(entry.getLinkName())) {
            throw unusable("has the link " + shown + " to " + FilePath.shown(entry.getLinkName())
                    + ", which may lead out of the folder that it is unpacked to");
        }
        if (entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice()) {
            throw unusable("has the entry " + shown + ", which is neither file, folder nor link");
        }
    }

    /** Any step upwards counts: behind a link it may lead further than it seems to. */
    private static boolean leadsOut(String path) {
        return path.startsWith("/")
                || path.contains("\\")
                || path.indexOf('\0') >= 0
                || List.of(path.split("/", -1)).contains("..");
    }

    private static String plain(String path) {
        return path.startsWith("./") ? path.substring(2) : path;
    }

    private Problem unusable(String reason) {
        return new Problem(ProblemType.UNUSABLE_DATA, "The archive " + name + " " + reason + ".");
    }

    /** Ends a small file that unpacks to a huge one. */
    private final class Bounded extends FilterInputStream {

        private long passed;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int most) throws IOException {
            int some = in.read(bytes, offset, most);
            count(Math.max(some, 0));
            return some;
        }

        @Override
        public long skip(long most) throws IOException {
            long some = in.skip(most);
            count(some);
            return some;
        }

        private void count(long more) {
            passed += more;
            if (passed > mostUnpackedBytes) {
                throw unusable("unpacks to more than " + mostUnpackedBytes + " bytes");
            }
        }
    }
}
