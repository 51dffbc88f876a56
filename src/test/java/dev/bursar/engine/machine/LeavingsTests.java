// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LeavingsTests {

    @TempDir
    Path folder;

    private Workspace workspace = new Workspace(Path.of("algo-1"));
    private Path secret = Path.of("secret");

    @BeforeEach
    void layAWorkspace() throws IOException {
        workspace = new Workspace(folder.resolve("algo-1"));
        workspace.create();
        secret = Files.writeString(folder.resolve("secret"), "SECRET");
    }

    @Test
    void takesPlainFilesWhereverTheyLieBelow() throws IOException {
        var deep = Files.createDirectories(workspace.model().resolve("a/b"));
        Files.writeString(deep.resolve("x"), "own");
        Files.writeString(workspace.model().resolve("ümläut\n"), "own");

        assertThat(Leavings.of(workspace, 100).below(workspace.model())).containsOnlyKeys("a/b/x", "ümläut\n");
    }

    @Test
    void followsALinkToAFileOfTheJobsOwnOnly() throws IOException {
        var own = Files.writeString(workspace.code().resolve("own"), "own");
        link("as-the-engine-names-it", own);
        link("as-the-job-names-it", Path.of("/opt/ml/code/own"));
        link("relative", Path.of("../code/own"));
        link("out", secret);
        link("up", Path.of("../../../../secret"));
        link("to-a-folder", workspace.code());
        link("to-itself", Path.of("to-itself"));
        link("to-nothing", Path.of("nothing"));
        Files.createSymbolicLink(workspace.code().resolve("inside"), folder);
        link("over-a-link", Path.of("/opt/ml/code/inside/secret"));

        var leavings = Leavings.of(workspace, 100);

        assertThat(leavings.below(workspace.model()))
                .containsOnlyKeys("as-the-engine-names-it", "as-the-job-names-it", "relative");
        assertThat(leavings.refused())
                .hasSize(6)
                .contains("/opt/ml/model/out is a link that leads out of /opt/ml")
                .noneMatch(line -> line.contains(folder.toString()));
    }

    @Test
    void takesNoFileThatHasANameSomewhereElse() throws IOException {
        Files.createLink(workspace.model().resolve("hard"), secret);
        var own = Files.writeString(workspace.model().resolve("one"), "own");
        Files.createLink(workspace.model().resolve("two"), own);

        var leavings = Leavings.of(workspace, 100);

        assertThat(leavings.below(workspace.model())).containsOnlyKeys("one", "two");
        assertThat(leavings.refused())
                .containsExactly("/opt/ml/model/hard is a hard link to something outside /opt/ml");
        assertThat(leavings.text(workspace.model().resolve("hard"), 10)).isEmpty();
    }

    @Test
    @Timeout(20)
    void waitsForNoPipe() throws Exception {
        pipe(workspace.model().resolve("pipe"));
        pipe(workspace.failure());

        assertThat(Leavings.of(workspace, 100).below(workspace.model())).isEmpty();
        assertThat(Leavings.of(workspace, 100).text(workspace.failure(), 10)).isEmpty();
        assertThat(Leavings.ofLiving(workspace, 100).text(workspace.failure(), 10))
                .isEmpty();
    }

    @Test
    @Timeout(20)
    void waitsForNoPipeThatTakesAFilesPlaceMeanwhile() throws Exception {
        var file = Files.writeString(workspace.model().resolve("x"), "own");
        var found = Objects.requireNonNull(
                Leavings.ofLiving(workspace, 100).below(workspace.model()).get("x"));
        Files.delete(file);
        pipe(file);

        assertThatThrownBy(() -> found.copyTo(folder.resolve("copy"))).isInstanceOf(IOException.class);
    }

    @Test
    void entersNoFolderThatWasExchangedForALink() throws IOException {
        Files.delete(workspace.model());
        Files.createSymbolicLink(workspace.model(), folder);

        var leavings = Leavings.of(workspace, 100);

        assertThat(leavings.below(workspace.model())).isEmpty();
        assertThat(leavings.refused()).containsExactly("/opt/ml/model cannot be entered");
    }

    @Test
    void takesNoMoreThanItMay() throws IOException {
        Files.writeString(workspace.model().resolve("x"), "x".repeat(60));
        Files.writeString(workspace.model().resolve("y"), "y".repeat(60));

        assertThatThrownBy(() -> Leavings.of(workspace, 100).below(workspace.model()))
                .isInstanceOf(JobFailure.class)
                .hasMessageContaining("100 bytes");
        assertThat(Leavings.of(workspace, 100).text(workspace.model().resolve("x"), 5))
                .contains("xxxxx");
    }

    @Test
    void isNotLostInFoldersWithoutEnd() throws IOException {
        var deep = workspace.model();
        for (int depth = 0; depth < 200; depth++) {
            deep = Files.createDirectory(deep.resolve("d"));
        }
        Files.writeString(deep.resolve("x"), "own");

        var leavings = Leavings.of(workspace, 100);

        assertThat(leavings.below(workspace.model())).isEmpty();
        assertThat(leavings.refused()).hasSize(1).first().asString().endsWith("lies too deep");
    }

    private void link(String name, Path target) throws IOException {
        Files.createSymbolicLink(workspace.model().resolve(name), target);
    }

    private static void pipe(Path path) throws IOException, InterruptedException {
        var made = new ProcessBuilder("mkfifo", path.toString()).start();
        assertThat(made.waitFor()).isZero();
    }
}
