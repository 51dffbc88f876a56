package dev.bursar.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptArchiveTests {

    @ParameterizedTest
    @ValueSource(strings = {"train.py", "./train.py"})
    void takesAnArchiveWithItsEntryPoint(String entry) throws IOException {
        var archive =
                archive(file("lib/"), file("lib/model.py"), link(TarConstants.LF_SYMLINK, "alias", "lib"), file(entry));

        assertThatCode(() -> check(archive, "train.py")).doesNotThrowAnyException();
        assertThatCode(() -> check(archive, "lib/model.py")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"main.py", "lib", "model.py"})
    void missesTheEntryPoint(String entryPoint) throws IOException {
        assertUnusable(
                archive(file("lib/"), file("train.py")), entryPoint, "does not contain the entryPoint " + entryPoint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.py", "a/../../evil.py", "/etc/cron.d/evil", "a\\..\\evil", "lib/.."})
    void refusesEntriesThatLeadOut(String name) throws IOException {
        assertUnusable(archive(file("train.py"), named(name)), "train.py", "lead out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../secret", "a/../../b"})
    void refusesLinksThatLeadOut(String target) throws IOException {
        assertUnusable(
                archive(file("train.py"), link(TarConstants.LF_SYMLINK, "x", target)), "train.py", "has the link x");
        assertUnusable(
                archive(file("train.py"), link(TarConstants.LF_LINK, "x", target)), "train.py", "has the link x");
    }

    @Test
    void refusesDevices() throws IOException {
        var pipe = new TarArchiveEntry("pipe", TarConstants.LF_FIFO);

        assertUnusable(archive(file("train.py"), pipe), "train.py", "neither file, folder nor link");
    }

    @Test
    void refusesOtherFormats() throws IOException {
        var zip = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("train.py"));
        }
        assertUnusable(zip.toByteArray(), "train.py", "is not a tar archive compressed with gzip");
        assertUnusable(new byte[0], "train.py", "is not a tar archive compressed with gzip");
        assertUnusable(unzipped(file("train.py")), "train.py", "is not a tar archive compressed with gzip");
        assertUnusable(
                gzip("1,2,3\n".repeat(1_000).getBytes(StandardCharsets.UTF_8)), "train.py", "is not a tar archive");
        assertUnusable(gzip("print()".getBytes(StandardCharsets.UTF_8)), "train.py", "train.py");
    }

    @Test
    void refusesAnArchiveThatWasCutOff() throws IOException {
        var whole = archive(file("train.py"), file("a"), file("b"));

        assertUnusable(Arrays.copyOf(whole, whole.length / 2), "train.py", "is not a tar archive");
    }

    @Test
    void refusesAnArchiveThatUnpacksToFarMore() throws IOException {
        var zeros = file("zeros");
        zeros.setSize(20_000_000);
        var tar = new ByteArrayOutputStream();
        try (var out = new TarArchiveOutputStream(tar)) {
            out.putArchiveEntry(zeros);
            out.write(new byte[20_000_000]);
            out.closeArchiveEntry();
        }
        var bomb = gzip(tar.toByteArray());

        assertThat(bomb.length).isLessThan(50_000);
        assertThatThrownBy(() ->
                        new ScriptArchive("src.tar.gz", "zeros", 10_000_000).check(new ByteArrayInputStream(bomb)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("The archive src.tar.gz unpacks to more than 10000000 bytes");
    }

    @Test
    void refusesTooManyEntries() throws IOException {
        var entries = new TarArchiveEntry[ScriptArchive.MAX_ENTRIES + 1];
        Arrays.setAll(entries, at -> file("f" + at));

        assertUnusable(archive(entries), "f0", "has more than");
    }

    private static void assertUnusable(byte[] archive, String entryPoint, String reason) {
        assertThatThrownBy(() -> check(archive, entryPoint))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNUSABLE_DATA))
                .hasMessageContaining("The archive src.tar.gz ")
                .hasMessageContaining(reason);
    }

    private static void check(byte[] archive, String entryPoint) {
        new ScriptArchive("src.tar.gz", entryPoint).check(new ByteArrayInputStream(archive));
    }

    private static TarArchiveEntry file(String name) {
        return new TarArchiveEntry(name);
    }

    /** As it is, where the usual constructor would tidy it up. */
    private static TarArchiveEntry named(String name) {
        return new TarArchiveEntry(name, true);
    }

    private static TarArchiveEntry link(byte kind, String name, String target) {
        var link = new TarArchiveEntry(name, kind);
        link.setLinkName(target);
        return link;
    }

    static byte[] archive(TarArchiveEntry... entries) throws IOException {
        return gzip(unzipped(entries));
    }

    private static byte[] unzipped(TarArchiveEntry... entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (var entry : entries) {
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }
}
