package dev.bursar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.ServiceTest;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;

/** {@code docs/problems.md}, the code and {@code GET /problems/…} say the same of every problem. */
@ServiceTest
class ProblemDocumentationTests {

    private static final Path FILE = Path.of("docs", "problems.md");
    private static final String FIRST_SECTION = "\n## ";

    private final Client nobody;

    ProblemDocumentationTests(Environment environment) {
        nobody = Service.in(environment).nobody();
    }

    @Test
    void explainsEveryProblemAsTheServiceDoes() throws IOException {
        var now = Arrays.stream(ProblemType.values()).map(this::section).collect(Collectors.joining("\n"));
        var written = Files.readString(FILE);
        var introduction = written.substring(0, written.indexOf(FIRST_SECTION) + 1);

        if (Boolean.getBoolean("bursar.problems.write")) {
            Files.writeString(FILE, introduction + now);
        }

        assertThat(Files.readString(FILE))
                .as("write it anew with -Dbursar.problems.write=true and look at the diff")
                .isEqualTo(introduction + now);
    }

    @Test
    void knowsNoOtherProblem() {
        var answer = nobody.get(Problem.ADDRESS + "bad-luck");

        assertThat(answer.status()).as("%s", answer).isEqualTo(404);
        assertThat(answer.problem()).isEqualTo("not-found");
    }

    private String section(ProblemType type) {
        var answer = nobody.get(Problem.ADDRESS + type.slug());
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.text("type")).isEqualTo(Problem.ADDRESS + type.slug());
        assertThat(answer.json().path("status").asInt()).isEqualTo(type.status().value());
        return """
                ## %s

                | | |
                |---|---|
                | type | `%s` |
                | status | %d |
                | meaning | %s |
                | next step | %s |
                | was I charged? | %s |
                """.formatted(
                        type.slug(),
                        answer.text("type"),
                        type.status().value(),
                        answer.text("meaning"),
                        answer.text("nextStep"),
                        answer.text("wasICharged"));
    }
}
