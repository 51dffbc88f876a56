package dev.bursar.contract;

import static dev.bursar.contract.Tenant.made;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.contract.AccessTable.Row;
import dev.bursar.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.springframework.core.env.Environment;

/** Every cell of {@code docs/access.md} against the service: the operations are those of the contract. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTests {

    private static final String LAB = "access-lab";
    private static final String FOREIGN = "access-foreign";

    private final Client admin;
    private final Map<String, Client> callers = new HashMap<>();
    private final Map<String, String> things = new HashMap<>();

    AccessTests(Environment environment) {
        admin = Service.in(environment).admin();
    }

    @BeforeAll
    void fillTwoLabs() {
        var lab = Tenant.open(admin, LAB).withBudget("20");
        var foreign = Tenant.open(admin, FOREIGN).withBudget("20");
        callers.put("viewer", lab.person("VIEWER"));
        callers.put("member", lab.person("MEMBER"));
        callers.put("owner", lab.person("OWNER"));
        callers.put("admin", admin);
        callers.put("budgetsWrite", lab.person("portal", "VIEWER", true));
        callers.put("foreign owner", foreign.person("OWNER"));
        callers.put("no key", admin.with(null));
        lab.person("ada", "MEMBER", false);
        made(admin.post("/api/v1/labs/" + LAB + "/projects", "{\"id\": \"lesson\", \"name\": \"Lesson\"}"));
        var budgets = admin.get("/api/v1/budgets?lab=" + LAB).json().path("items");
        things.put("budget of the whole lab", budgets.path(0).path("id").asString());
        things.put("budget", things.get("budget of the whole lab"));
        var divided = admin.post(
                "/api/v1/budgets",
                "{\"lab\": \"%s\", \"project\": \"lesson\", \"name\": \"Lesson\", \"amount\": 10}".formatted(LAB));
        things.put("budget of a project or member", made(divided).id());
        var upload = operation("PUT /api/v1/datasets/{dataset}/files/{path}")
                .examples()
                .get(0);
        lab.upload("biopsies", "train.csv", upload.body().getBytes(StandardCharsets.UTF_8));
        var training = body(operation("POST /api/v1/jobs"), Map.of("project", "lesson"));
        things.put("job", made(admin.post("/api/v1/jobs", training)).id());
        var end = made(admin.get("/api/v1/jobs/" + things.get("job") + "?wait=2m&until=end"));
        assertThat(end.text("state")).as("%s", end).isEqualTo("COMPLETED");
        things.putAll(Map.of("lab", LAB, "member", "ada", "project", "lesson", "dataset", "biopsies"));
    }

    @Test
    void hasARowForEveryOperationAndNoOther() {
        var documented = AccessTable.rows().stream().map(Row::operation).distinct();
        var published = Contract.operations().stream().map(Operation::toString).toList();

        assertThat(documented).containsExactlyInAnyOrderElementsOf(published);
    }

    @TestFactory
    Stream<DynamicTest> everyCellIsTrue() {
        return AccessTable.rows().stream().map(row -> DynamicTest.dynamicTest(row.toString(), () -> tryRow(row)));
    }

    @Test
    void showsAForeignOwnerOnlyTheirOwn() {
        for (var list : List.of("labs", "budgets", "datasets", "jobs", "api-keys", "audit")) {
            var answer = made(caller("foreign owner").get("/api/v1/" + list));

            assertThat(answer.body()).as(list).doesNotContain(LAB).doesNotContain(things.get("job"));
        }
    }

    private void tryRow(Row row) {
        var operation = operation(row.operation());
        var found = AccessTable.COLUMNS.stream()
                .map(column -> verdict(ask(operation, row.what(), column)))
                .toList();

        assertThat(found).as("%s, %s", row, AccessTable.COLUMNS).isEqualTo(row.cells());
    }

    private Client caller(String column) {
        return Objects.requireNonNull(callers.get(column), column);
    }

    private static String verdict(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isLessThan(500);
        return List.of(401, 403, 404).contains(answer.status()) ? Integer.toString(answer.status()) : "yes";
    }

    private Answer ask(Operation operation, String what, String column) {
        var caller = caller(column);
        var filled = operation.filled(name -> switch (name) {
            case "budget" -> things.get(what.isEmpty() ? "budget" : "budget " + what);
            case "key" -> freshKey(what.equals("one's own") ? column : "ada");
            case "member" -> operation.method().equals("DELETE") ? leaver() : "ada";
            case "dataset" ->
                operation.method().equals("DELETE") && !operation.path().contains("files") ? "scratch" : "biopsies";
            default -> things.getOrDefault(name, String.valueOf(operation.exampleOf("path", name, "train.csv")));
        });
        var address = operation.hasParameter("query", "lab") ? filled + "?lab=" + LAB : filled;
        var body = operation.id().equals("putFile") ? "1,2\n0,1\n" : body(operation, changes(operation, what, column));
        var headers = new HashMap<>(operation.examples().get(0).headers());
        if (operation.id().equals("creditBudget")) {
            headers.put("Idempotency-Key", "access " + what);
        }
        return caller.send(operation.method(), address, body, headers);
    }

    /** What has to be different from the example, so that nobody disturbs another test. */
    private static Map<String, Object> changes(Operation operation, String what, String column) {
        return switch (operation.id()) {
            case "createLab" ->
                Map.of(
                        "id",
                        "access-" + column.replace(' ', '-').toLowerCase(java.util.Locale.ROOT),
                        "externalId",
                        "access " + column);
            case "createJob" -> Map.of("maxCost", 0.000001);
            case "createBudget" -> what.equals("of the whole lab") ? Map.of() : Map.of("project", "lesson");
            case "createApiKey" ->
                Map.of(
                        "member",
                        what.equals("for another member") ? "ada" : memberOf(column),
                        "budgetsWrite",
                        what.contains("budgetsWrite"));
            default -> Map.of();
        };
    }

    private static String memberOf(String column) {
        return switch (column) {
            case "budgetsWrite" -> "portal";
            case "foreign owner", "no key", "admin" -> "owner";
            default -> column;
        };
    }

    private static String body(Operation operation, Map<String, Object> changes) {
        return Contract.changed(operation.examples().get(0).body(), LAB, changes);
    }

    private String freshKey(String column) {
        var own = column.equals("admin") || column.equals("no key");
        var lab = column.equals("foreign owner") ? FOREIGN : LAB;
        var member = column.equals("ada") ? "ada" : memberOf(column);
        return made(admin.post(
                        "/api/v1/api-keys",
                        own
                                ? "{\"member\": \"admin\", \"label\": \"access\"}"
                                : "{\"lab\": \"%s\", \"member\": \"%s\", \"label\": \"access\"}"
                                        .formatted(lab, member)))
                .id();
    }

    private String leaver() {
        admin.post(
                "/api/v1/labs/" + LAB + "/members", "{\"id\": \"leaver\", \"name\": \"Leaver\", \"role\": \"VIEWER\"}");
        return "leaver";
    }

    private static Operation operation(String name) {
        return Contract.operations().stream()
                .filter(operation -> operation.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The contract has no operation " + name));
    }
}
