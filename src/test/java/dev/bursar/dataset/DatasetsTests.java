package dev.bursar.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.core.LabId;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

class DatasetsTests extends DatasetModule {

    private final Datasets datasets;

    DatasetsTests(@LocalServerPort int port, JdbcClient jdbc, Datasets datasets) {
        super(port, jdbc);
        this.datasets = datasets;
    }

    @BeforeEach
    void uploadSomeFiles() {
        upload("train.csv", "1,2,3\n".getBytes(StandardCharsets.UTF_8));
        upload("2026/train.csv", "4,5,6\n".getBytes(StandardCharsets.UTF_8));
        upload("2026/test.csv", new byte[0]);
    }

    @Test
    void locatesFilesFoldersAndWholeDatasets() {
        var file = datasets.locate(id(), "biopsies", "train.csv");
        var folder = datasets.locate(id(), "biopsies", "2026");
        var whole = datasets.locate(id(), "biopsies", null);

        assertThat(file.s3Uri()).isEqualTo("s3://" + file.bucket() + "/labs/" + lab + "/datasets/biopsies/train.csv");
        assertThat(file.prefix()).isFalse();
        assertThat(file.bytes()).isEqualTo(6);
        assertThat(folder.key()).endsWith("/2026/");
        assertThat(folder.prefix()).isTrue();
        assertThat(folder.bytes()).isEqualTo(6);
        assertThat(datasets.locate(id(), "biopsies", "2026/")).isEqualTo(folder);
        assertThat(whole.bytes()).isEqualTo(12);
    }

    @Test
    void namesWhatIsNearToWhatIsMissing() {
        assertUnknown(
                () -> datasets.locate(id(), "biopsies", "2027/train.csv"),
                "has no '2027/train.csv'; near it are 2026/train.csv");
        assertUnknown(() -> datasets.locate(id(), "biopsies", "train.csv/"), "has no 'train.csv/'");
        assertUnknown(() -> datasets.locate(id(), "biopsies", "../x"), "has no '../x'");
        assertUnknown(() -> datasets.locate(id(), "biopsy", null), "no dataset 'biopsy'; it has biopsies");
        assertUnknown(() -> datasets.locate(LabId.of("other"), "biopsies", null), "no dataset 'biopsies'");
    }

    @Test
    void staysWithinTheLab() {
        var uri = datasets.locate(id(), "biopsies", "train.csv").s3Uri();

        assertThat(datasets.ofUri(id(), uri))
                .hasValueSatisfying(found -> assertThat(found.bytes()).isEqualTo(6));
        assertThat(datasets.ofUri(id(), uri + "x")).isEmpty();
        for (var outside : new String[] {
            "s3://elsewhere/train.csv",
            uri.replace(lab, "other"),
            uri.replace(lab, lab + "x"),
            uri.replace("datasets/biopsies", "../other"),
            "s3://" + uri.substring(5).replace("labs/" + lab, ""),
            "train.csv",
            ""
        }) {
            assertUnknown(() -> datasets.ofUri(id(), outside), "outside the lab");
        }
    }

    @Test
    void readsTheFirstBytes() {
        assertThat(datasets.head(id(), datasets.locate(id(), "biopsies", "train.csv"), 3))
                .asString()
                .isEqualTo("1,2");
        assertThat(datasets.head(id(), datasets.locate(id(), "biopsies", "2026"), 99))
                .asString()
                .isEqualTo("4,5,6\n");
        assertThat(datasets.head(id(), datasets.locate(id(), "biopsies", "2026/test.csv"), 3))
                .isEmpty();
    }

    @Test
    void looksThroughArchives() throws IOException {
        upload("src.tar.gz", ScriptArchiveTests.archive(new TarArchiveEntry("train.py")));
        var archive = datasets.locate(id(), "biopsies", "src.tar.gz");

        datasets.requireScriptArchive(id(), archive, "train.py");

        assertThatThrownBy(() -> datasets.requireScriptArchive(id(), archive, "other.py"))
                .hasMessageContaining("The archive src.tar.gz does not contain the entryPoint other.py");
        assertThatThrownBy(
                        () -> datasets.requireScriptArchive(id(), datasets.locate(id(), "biopsies", "train.csv"), "x"))
                .hasMessageContaining("The archive train.csv is not a tar archive");
    }

    private LabId id() {
        return LabId.of(lab);
    }

    private void upload(String path, byte[] bytes) {
        var answer =
                api().put("/datasets/biopsies/files/" + path + "?lab=" + lab, BodyPublishers.ofByteArray(bytes), null);
        assertThat(answer.statusCode()).isEqualTo(201);
    }

    private static void assertUnknown(ThrowingCallable asked, String reason) {
        assertThatThrownBy(asked)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNKNOWN_DATA))
                .hasMessageContaining(reason);
    }
}
