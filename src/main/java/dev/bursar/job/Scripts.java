package dev.bursar.job;

import dev.bursar.aws.AwsClients;
import dev.bursar.dataset.Datasets;
import dev.bursar.workload.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.sync.RequestBody;

/** A user's script as SageMaker's containers want it: a tar.gz in S3. A single file is packed into one beside the results. */
@Component
class Scripts {

    static final long MAX_FILE_BYTES = 10L * 1024 * 1024;

    private final Datasets datasets;
    private final AwsClients clients;

    Scripts(Datasets datasets, AwsClients clients) {
        this.datasets = datasets;
        this.clients = clients;
    }

    static boolean isArchive(String path) {
        var name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".tar.gz") || name.endsWith(".tgz");
    }

    static boolean isScript(String path) {
        return path.endsWith(".py") || path.endsWith(".sh");
    }

    /** Whether it stays in its folder wherever it is unpacked or put behind a path. */
    static boolean isInside(String entryPoint) {
        return !entryPoint.isBlank()
                && entryPoint.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\')
                && Stream.of(entryPoint.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    static String entryPoint(TrainingSpec.Script script) {
        var entry = script.entryPoint();
        return entry != null ? entry : script.path().substring(script.path().lastIndexOf('/') + 1);
    }

    /** Where the archive is; may be called again for the same run. */
    String archiveUri(TrainingSpec.Script script, Run<TrainingSpec> run) {
        var location = datasets.locate(run.lab(), script.dataset(), script.path());
        if (isArchive(script.path())) {
            return location.s3Uri();
        }
        var source = clients.s3(run.account())
                .getObjectAsBytes(get -> get.bucket(location.bucket()).key(location.key()))
                .asByteArray();
        var uri = run.outputUri() + "code/sourcedir.tar.gz";
        var key = uri.substring(("s3://" + run.account().bucket() + "/").length());
        clients.s3(run.account())
                .putObject(
                        put -> put.bucket(run.account().bucket()).key(key),
                        RequestBody.fromBytes(packed(entryPoint(script), source)));
        return uri;
    }

    private static byte[] packed(String name, byte[] source) {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            var entry = new TarArchiveEntry(name);
            entry.setSize(source.length);
            tar.putArchiveEntry(entry);
            tar.write(source);
            tar.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
