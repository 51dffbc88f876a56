package dev.bursar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.ServiceTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.core.env.Environment;

/**
 * Plays the published examples through, as a reader of the contract would: make things, look at them, end them. Ids in
 * paths are those of earlier answers, or the example of the contract.
 */
@ServiceTest
class OpenApiExampleTests {

    private static final List<String> READING_ORDER = Contract.published()
            .path("tags")
            .valueStream()
            .map(tag -> tag.path("name").asString())
            .toList();

    private final Client admin;
    private final Map<String, String> ids = new HashMap<>();
    private final List<String> jobs = new ArrayList<>();
    private final List<String> budgets = new ArrayList<>();

    OpenApiExampleTests(Environment environment) {
        admin = Service.in(environment).admin();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleDoesWhatItsOperationDocuments() {
        var plays = Contract.operations().stream()
                .sorted(Comparator.comparing(OpenApiExampleTests::phase)
                        .thenComparing(operation -> READING_ORDER.indexOf(operation.tag()))
                        .thenComparing(operation -> operation.path().length()))
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> play(operation)));
        return Stream.concat(plays, Stream.of(DynamicTest.dynamicTest("every job completes", this::completeJobs)));
    }

    /** The script of the example is in Python, which the embedded engine takes from the machine. */
    private void completeJobs() {
        assertThat(jobs).hasSizeGreaterThan(1);
        for (var job : jobs) {
            var end = admin.get("/api/v1/jobs/" + job + "?wait=60s&until=end");
            var withoutPython = end.body().contains("found no python3");
            assertThat(end.text("state")).as("%s", end).isEqualTo(withoutPython ? "FAILED" : "COMPLETED");
        }
    }

    /** First what makes things, then what reads them, last what ends them. */
    private static int phase(Operation operation) {
        if (operation.method().equals("DELETE") || operation.path().matches(".*/(stop|close|freeze)")) {
            return 2;
        }
        return operation.method().equals("GET") ? 1 : 0;
    }

    private void play(Operation operation) {
        var examples = operation.examples();
        assertThat(examples).as("examples of %s", operation).isNotEmpty();

        for (int at = 0; at < examples.size(); at++) {
            var example = examples.get(at);
            var answer = admin.send(
                    operation.method(),
                    address(operation, example),
                    body(operation, example),
                    headers(operation, example, at == 0));

            assertThat(Integer.toString(answer.status()))
                    .as("%s %s: %s", operation, example.name(), answer)
                    .isIn(operation.documentedSuccesses());
            remember(operation, answer);
            if (operation.id().equals("createJob")) {
                jobs.add(answer.id());
            }
            if (operation.id().equals("createBudget")) {
                budgets.add(answer.id());
            }
        }
    }

    /** The other budget of a transfer is the second that was opened. */
    private String body(Operation operation, Operation.Example example) {
        return operation.id().equals("transferMoney")
                ? Contract.changed(example.body(), "chem", Map.of("to", budgets.get(1)))
                : example.body();
    }

    private String address(Operation operation, Operation.Example example) {
        var path = operation.filled(name -> ids.getOrDefault(
                name,
                Objects.requireNonNull(
                        operation.exampleOf("path", name, example.name()), operation + " has no example of " + name)));
        return operation.query().isEmpty() ? path : path + "?" + operation.query();
    }

    /** A key is for one request, so only the first example of an operation is sent with the key of the contract. */
    private static Map<String, String> headers(Operation operation, Operation.Example example, boolean first) {
        var headers = new HashMap<>(example.headers());
        for (var parameter : operation.parameters("header")) {
            var name = Operation.nameOf(parameter);
            var value = operation.exampleOf("header", name, example.name());
            assertThat(value).as("the example of %s of %s", name, operation).isNotNull();
            if (first) {
                headers.put(name, Objects.requireNonNull(value));
            }
        }
        return headers;
    }

    /** What was made at {@code /things} is the {@code thing} of {@code /things/{thing}}. */
    private void remember(Operation operation, Answer answer) {
        if (operation.method().equals("POST") && answer.isJson() && !answer.id().isEmpty()) {
            Contract.operations().stream()
                    .map(Operation::path)
                    .filter(path -> path.matches(java.util.regex.Pattern.quote(operation.path()) + "/\\{[a-zA-Z]+}"))
                    .map(path -> path.substring(operation.path().length() + 2, path.length() - 1))
                    .forEach(parameter -> ids.putIfAbsent(parameter, answer.id()));
        }
    }
}
