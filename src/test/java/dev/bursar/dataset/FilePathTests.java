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
        assertThat(FilePath.isWellFormed("x".repeat(FilePath.MAX_LENGTH))).isTrue();
        assertThat(FilePath.isWellFormed("x".repeat(FilePath.MAX_LENGTH + 1))).isFalse();
    }

    @Test
    void knowsItsFolders() {
        assertThat(FilePath.of("a/b/c.csv").folders()).containsExactly("a", "a/b");
        assertThat(FilePath.of("a/b/c.csv").name()).isEqualTo("c.csv");
    }
}
