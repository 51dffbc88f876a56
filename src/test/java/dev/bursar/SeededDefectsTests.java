package dev.bursar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A control that no longer applies proves nothing, and says so only to whoever runs it: so it is seen at every build. */
class SeededDefectsTests {

    private static final Path FOLDER = Path.of("src/test/seeded-defects");
    private static final Pattern NEXT_HUNK = Pattern.compile("(?m)^@@[^\n]*\n");

    @ParameterizedTest
    @MethodSource("patches")
    void everyPatchStillApplies(Path patch) throws IOException {
        var perFile = Files.readString(patch).split("(?m)^diff --git [^\n]*\n");

        assertThat(perFile).as("files that %s changes", patch).hasSizeGreaterThan(1);
        for (var part : List.of(perFile).subList(1, perFile.length)) {
            var target = Path.of(part.lines()
                    .filter(line -> line.startsWith("--- a/"))
                    .findFirst()
                    .orElseThrow()
                    .substring("--- a/".length()));
            assertThat(target).as("what %s changes", patch.getFileName()).exists();
            var lines = Files.readAllLines(target);
            for (var hunk : NEXT_HUNK.splitAsStream(part).skip(1).toList()) {
                assertThat(Collections.indexOfSubList(lines, before(hunk)))
                        .as("place of %s in %s:%n%s", patch.getFileName(), target, hunk)
                        .isNotNegative();
            }
        }
    }

    @Test
    void everyPatchSaysWhatItBreaksAndIsQuoted() throws IOException {
        var proofs = Files.readString(Path.of("docs/proofs.md"));
        var numbers = new ArrayList<String>();
        for (var patch : patches().toList()) {
            var number = patch.getFileName().toString().substring(0, 2);
            numbers.add(number);
            assertThat(Files.readString(patch)).as("%s", patch).containsPattern("(?m)^Test: \\w+");
            assertThat(proofs).as("docs/proofs.md on %s", patch).containsPattern("\\| " + number + "\\b");
        }
        assertThat(numbers).doesNotHaveDuplicates().hasSizeGreaterThan(30);
    }

    /** The lines that a hunk expects to find. */
    private static List<String> before(String hunk) {
        return hunk.lines()
                .filter(line -> line.startsWith(" ") || line.startsWith("-"))
                .map(line -> line.substring(1))
                .toList();
    }

    static Stream<Path> patches() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".patch")).sorted().toList().stream();
        }
    }
}
