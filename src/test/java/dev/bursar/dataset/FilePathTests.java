package dev.bursar.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilePathTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "../secret",
                "a/../b",
                "a/..",
                ".",
                "./a",
                "a/./b",
                "a//b",
                "a/",
                "//a",
                "a\\b",
                "a\u0000b",
                "a\nb",
                "a\tb",
                "\u007f",
                "a:b",
                "a?b",
                "a%2Fb",
                "a*b",
                "~/a$HOME",
                "a;b",
                "\u202ecsv.exe",
                "ünsafe",
                " a",
                "a ",
                "a/ /b",
                "s3://bucket/key"
            })
    void refusesHostilePaths(String path) {
        assertThatThrownBy(() -> FilePath.of(path)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.INVALID_REQUEST);
            assertThat(problem.getMessage()).doesNotContain("\u0000").doesNotContain("\n");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "train.csv",
                "2026/train.csv",
                "a b/c+d=e_f-g.tar.gz",
                "part=1/x",
                "...",
                "a..b",
                ".hidden",
                "-"
            })
    void takesOrdinaryPaths(String path) {
        assertThat(FilePath.of(path).value()).isEqualTo(path);
    }

    @Test
    void keepsWithinItsLength() {
        var name = "x".repeat(FilePath.MAX_NAME);
        var longest = name + "/" + name + "/" + "x".repeat(FilePath.MAX_LENGTH - 2 * FilePath.MAX_NAME - 2);

        assertThat(FilePath.isWellFormed(longest)).isTrue();
        assertThat(FilePath.isWellFormed(longest + "x")).isFalse();
        assertThat(FilePath.isWellFormed(name)).isTrue();
        assertThat(FilePath.isWellFormed(name + "x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "t", "train/", "train/a", "a b/c", "train/a ", ".h", "a.."})
    void takesWhatAPathMayStartWith(String prefix) {
        assertThat(FilePath.requireBeginning(prefix)).isEqualTo(prefix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "//", "a//", ".", "..", "../", "./a", "a/..", "a/../", "a/./b", "\u0002", "a\\b", "a\n"})
    void refusesWhatNoPathStartsWith(String prefix) {
        assertThatThrownBy(() -> FilePath.requireBeginning(prefix)).isInstanceOf(Problem.class);
    }

    @Test
    void knowsItsFolders() {
        assertThat(FilePath.of("a/b/c.csv").folders()).containsExactly("a", "a/b");
        assertThat(FilePath.of("a/b/c.csv").name()).isEqualTo("c.csv");
    }
}
