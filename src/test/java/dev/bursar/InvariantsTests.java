package dev.bursar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A promise that names a test which does not exist is no promise. */
class InvariantsTests {

    private static final Pattern TEST = Pattern.compile("`(\\w+Tests)(?:[.#](\\w+))?`");

    @ParameterizedTest
    @ValueSource(strings = {"INVARIANTS.md", "docs/proofs.md"})
    void everyTestThatIsNamedExists(String document) throws IOException {
        var tests = tests();
        var named = TEST.matcher(Files.readString(Path.of(document))).results().toList();

        assertThat(named).hasSizeGreaterThan(10);
        for (var name : named) {
            var sources = tests.getOrDefault(name.group(1), List.of());
            assertThat(sources).as(name.group()).isNotEmpty();
            if (name.group(2) != null) {
                assertThat(sources)
                        .as(name.group())
                        .anyMatch(source -> Pattern.compile("\\b" + name.group(2) + "\\b")
                                .matcher(source)
                                .find());
            }
        }
    }

    /** Rules of money, of names and attempts, and of calls. What nothing enforces yet has a row that says so. */
    @ParameterizedTest
    @CsvSource({"M, 14", "N, 6", "C, 4"})
    void everyRuleHasARow(String rules, int count) throws IOException {
        var document = Files.readString(Path.of("INVARIANTS.md"));
        for (int rule = 1; rule <= count; rule++) {
            assertThat(document)
                    .containsPattern("(?m)^\\| %s%d \\| .*(`\\w+Tests|\\[not yet enforced])".formatted(rules, rule));
        }
    }

    /** The sources of all tests by their simple names; two modules may have a test of one name. */
    private static Map<String, List<String>> tests() throws IOException {
        try (var paths = Files.walk(Path.of("src/test/java"))) {
            return paths.filter(path -> path.toString().endsWith("Tests.java"))
                    .collect(Collectors.groupingBy(
                            path -> path.getFileName().toString().replace(".java", ""),
                            Collectors.mapping(InvariantsTests::read, Collectors.toList())));
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
