package dev.bursar.contract;

import static dev.bursar.contract.Tenant.made;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A lab in which there is one of everything, a foreign lab beside it, and people of both who call. */
final class AccessScene {

    private final String lab;
    private final String foreignLab;
    private final Client admin;
    private final Map<String, Client> callers = new HashMap<>();
    private final Map<String, String> things = new HashMap<>();

    /** A request that would do what its operation is for, if its caller may. */
    record Prepared(String method, String address, String body, Map<String, String> headers) {}

    AccessScene(Client admin, String lab) {
        this.admin = admin;
        this.lab = lab;
        this.foreignLab = lab + "-foreign";
        var home = Tenant.open(admin, lab).withBudget("20");
        hirePeople(home, Tenant.open(admin, foreignLab).withBudget("20"));
        divideMoney();
        train(home);
        things.putAll(Map.of("lab", lab, "member", "ada", "project", "lesson", "dataset", "biopsies"));
    }

    Client caller(String column) {
        return Objects.requireNonNull(callers.get(column), column);
    }

    void add(String column, Client caller) {
        callers.put(column, caller);
    }

    String thing(String name) {
        return Objects.requireNonNull(things.get(name), name);
    }

    /** The request of a row of the table: an operation, about which of several things, asked by whom. */
    Prepared request(Operation operation, String what, String column) {
        return request(operation, what, column, Map.of());
    }

    Prepared request(Operation operation, String what, String column, Map<String, String> others) {
        var filled = operation.filled(name -> others.containsKey(name)
                ? others.get(name)
                : switch (name) {
                    case "budget" -> things.get(what.isEmpty() ? "budget" : "budget " + what);
                    case "key" -> freshKey(what.equals("one's own") ? column : "ada");
                    case "member" -> operation.method().equals("DELETE") ? leaver() : "ada";
                    case "dataset" -> isOfADataset(operation) ? "scratch" : "biopsies";
                    default ->
                        things.getOrDefault(name, String.valueOf(operation.exampleOf("path", name, "train.csv")));
                });
        var address = operation.hasParameter("query", "lab") ? filled + "?lab=" + lab : filled;
        var body = operation.id().equals("putFile") ? "1,2\n0,1\n" : body(operation, changes(operation, what, column));
        var headers = new HashMap<>(operation.examples().get(0).headers());
        if (operation.hasParameter("header", "Idempotency-Key")
                && operation.path().contains("{budget}")) {
            headers.put("Idempotency-Key", "access " + what);
        }
        return new Prepared(operation.method(), address, body, headers);
    }

    String keyOfAda() {
        return freshKey("ada");
    }

    String leaver() {
        admin.post(
                "/api/v1/labs/" + lab + "/members", "{\"id\": \"leaver\", \"name\": \"Leaver\", \"role\": \"VIEWER\"}");
        return "leaver";
    }

    private void hirePeople(Tenant home, Tenant foreign) {
        for (var role : List.of("VIEWER", "MEMBER", "OWNER")) {
            callers.put(role.toLowerCase(Locale.ROOT), home.person(role));
        }
        callers.put("admin", admin);
        callers.put("budgetsWrite", home.person("portal", "VIEWER", true));
        callers.put("foreign member", foreign.person("MEMBER"));
        callers.put("foreign owner", foreign.person("OWNER"));
        callers.put("no key", admin.with(null));
        home.person("ada", "MEMBER", false);
    }

    private void divideMoney() {
        made(admin.post("/api/v1/labs/" + lab + "/projects", "{\"id\": \"lesson\", \"name\": \"Lesson\"}"));
        var budgets = admin.get("/api/v1/budgets?lab=" + lab).json().path("items");
        things.put("budget of the whole lab", budgets.path(0).path("id").asString());
        things.put("budget", things.get("budget of the whole lab"));
        things.put("budget of a project or member", budget("owner", "\"project\": \"lesson\"", "10"));
        things.put("budget of ada", budget("owner", "\"member\": \"ada\"", "1"));
        things.put("budget given to a member", budget("admin", "\"member\": \"owner\"", "1"));
    }

    private String budget(String opener, String scope, String amount) {
        var body = "{\"lab\": \"%s\", %s, \"name\": \"a part\", \"amount\": %s}".formatted(lab, scope, amount);
        return made(caller(opener).post("/api/v1/budgets", body)).id();
    }

    private void train(Tenant home) {
        var upload = Contract.operation("PUT /api/v1/datasets/{dataset}/files/{path}")
                .examples()
                .get(0);
        home.upload("biopsies", "train.csv", upload.body().getBytes(StandardCharsets.UTF_8));
        var training = body(Contract.operation("POST /api/v1/jobs"), Map.of("project", "lesson"));
        things.put("job", made(admin.post("/api/v1/jobs", training)).id());
        var end = made(admin.get("/api/v1/jobs/" + things.get("job") + "?wait=2m&until=end"));
        assertThat(end.text("state")).as("%s", end).isEqualTo("COMPLETED");
    }

    private static boolean isOfADataset(Operation operation) {
        return operation.method().equals("DELETE") && !operation.path().contains("files");
    }

    /** What has to be different from the example, so that nobody disturbs another test. */
    private Map<String, Object> changes(Operation operation, String what, String column) {
        return switch (operation.id()) {
            case "createLab" -> {
                var id = lab + "-" + column.replace(' ', '-').toLowerCase(Locale.ROOT);
                yield Map.of("id", id, "externalId", id);
            }
            case "createJob" -> Map.of("maxCost", 0.000001);
            case "createBudget" -> what.equals("of the whole lab") ? Map.of() : Map.of("project", "lesson");
            case "transferMoney" -> Map.of("to", thing("budget of ada"), "amount", 0.01);
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
            case "viewer", "member" -> column;
            default -> "owner";
        };
    }

    private String body(Operation operation, Map<String, Object> changes) {
        return Contract.changed(operation.examples().get(0).body(), lab, changes);
    }

    private String freshKey(String column) {
        var own = column.equals("admin") || column.equals("no key");
        var home = column.equals("foreign owner") ? foreignLab : lab;
        var member = column.equals("ada") ? "ada" : memberOf(column);
        return made(admin.post(
                        "/api/v1/api-keys",
                        own
                                ? "{\"member\": \"admin\", \"label\": \"access\"}"
                                : "{\"lab\": \"%s\", \"member\": \"%s\", \"label\": \"access\"}"
                                        .formatted(home, member)))
                .id();
    }
}
