package dev.bursar.workload;

import dev.bursar.core.Caller;
import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.ProjectId;
import dev.bursar.core.Role;
import dev.bursar.testing.TestLabs;
import dev.bursar.web.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** A lab whose owner tries everything that an owner's key can call, while those who may give come and go, and time passes. */
final class Division {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = new JsonMapper();

    private final ApplicationContext service;
    private final Stories stories;
    private final List<OwnersVerbs.Verb> verbs;
    private final LabId lab;
    private final String admin;
    private final String portal;
    private final List<String> owners = new ArrayList<>();
    private final List<String> spare = new ArrayList<>();

    Division(ApplicationContext service, List<OwnersVerbs.Verb> verbs) throws IOException {
        this.service = service;
        this.verbs = verbs;
        stories = service.getBean(Stories.class);
        var labs = new TestLabs(stories.jdbc(), stories.clock().instant());
        lab = labs.lab();
        labs.project(lab, "p");
        admin = Files.readString(Path.of(service.getEnvironment().getRequiredProperty("bursar.home"), "admin.key"))
                .strip();
        owners.add(person("pi", "OWNER", false));
        portal = person("portal", "VIEWER", true);
        person("ada", "MEMBER", false);
    }

    LabId lab() {
        return lab;
    }

    List<String> givers() {
        return List.of("admin", lab + "/portal");
    }

    Instant now() {
        return stories.clock().instant();
    }

    String later(int days) {
        return now().plus(Duration.ofDays(days)).toString();
    }

    /** Something is given to the lab, and an owner divides it. */
    String begins(Draw draw) {
        return given(draw, "\"reference\": \"g\"") + ", POST /api/v1/budgets "
                + call(owners.get(0), new OwnersVerbs.Verb("POST", "/api/v1/budgets"), draw)
                                .statusCode()
                        / 100 + "xx";
    }

    /** One step, and what came of it. */
    String step(Draw draw) {
        int which = draw.below(100);
        if (which < 56) {
            return owner(draw);
        }
        if (which < 66) {
            return given(draw, draw.of("\"reference\": \"g\"", "\"project\": \"p\"", "\"member\": \"ada\""));
        }
        if (which < 80) {
            return changed(draw);
        }
        return which < 91 ? minutes() : days(draw);
    }

    /** Everything stops, and is settled. */
    void ends() {
        for (int minute = 0; minute < 20 && !live().isEmpty(); minute++) {
            for (var id : live()) {
                stories.lifecycle().stop(new WorkloadId(id), Caller.BURSAR);
            }
            stories
                    .jdbc()
                    .sql("select sagemaker_name from workload where lab_id = :lab and sagemaker_name is not null")
                    .param("lab", lab.value())
                    .query(String.class)
                    .list()
                    .stream()
                    .map(stories.sageMaker()::job)
                    .filter(Objects::nonNull)
                    .filter(job -> !job.state().isOver())
                    .forEach(job -> {
                        job.starts(now().minus(Duration.ofMinutes(5)));
                        job.ends(State.STOPPED, now(), Duration.ofMinutes(5));
                    });
            pass(Duration.ofMinutes(1));
        }
        if (!live().isEmpty()) {
            throw new AssertionError("it never ends: " + live());
        }
    }

    /** Closes every budget, so that no later month opens for them. */
    void closes() {
        ids("budget").forEach(id -> send(admin, "POST", "/api/v1/budgets/" + id + "/close", "", Map.of()));
    }

    private String owner(Draw draw) {
        var verb = verbs.get(draw.below(verbs.size()));
        if (verb.toString().equals("POST /api/v1/jobs")) {
            return work(draw);
        }
        var answer = call(draw.of(owners.toArray(String[]::new)), verb, draw);
        if (verb.toString().equals("POST /api/v1/api-keys") && answer.statusCode() == 201) {
            var key = JSON.readTree(answer.body());
            (key.path("member").asString().equals("pi") ? owners : new ArrayList<String>())
                    .add(key.path("secret").asString());
        }
        if (answer.statusCode() >= 500) {
            throw new AssertionError(verb + " answered " + answer.statusCode() + " " + answer.body());
        }
        return verb.reads() ? "the owner reads" : verb + " " + answer.statusCode() / 100 + "xx";
    }

    /** What {@code POST /jobs} does with any kind; this one is made up. */
    private String work(Draw draw) {
        var caller = new Caller(lab, new MemberId(draw.of("pi", "ada")), Role.OWNER, false, null, null, null);
        var project = draw.of("", "p");
        var of = project.isEmpty() ? null : new ProjectId(project);
        var label = "work";
        Spec spec = draw.below(3) == 0
                ? new LeasedSpec(label, lab.value(), of, null, null)
                : new TestSpec(label, lab.value(), of, null, null, Duration.ofMinutes(10));
        try {
            var view = Objects.requireNonNull(stories.lifecycle()
                    .submit(spec, caller, null, "/api/v1/jobs")
                    .getBody());
            return "work " + (view.cost().held().isPositive() ? "holds" : "waits");
        } catch (Problem refused) {
            return "work refused: " + refused.type();
        }
    }

    private String given(Draw draw, String scope) {
        var body =
                OwnersVerbs.budget(this, draw, "\"lab\": \"%s\", %s".formatted(lab, scope), draw.of("3", "40", "90"));
        return "given "
                + send(draw.of(admin, portal), "POST", "/api/v1/budgets", body, Map.of())
                                .statusCode()
                        / 100;
    }

    private String changed(Draw draw) {
        var verb = draw.of(
                new OwnersVerbs.Verb("PATCH", "/api/v1/budgets/{budget}"),
                new OwnersVerbs.Verb("POST", "/api/v1/budgets/{budget}/close"),
                new OwnersVerbs.Verb("POST", "/api/v1/budgets/{budget}/close"),
                new OwnersVerbs.Verb("POST", "/api/v1/budgets/{budget}/credits"),
                new OwnersVerbs.Verb("POST", "/api/v1/budgets/{budget}/transfers"));
        return "who may give: " + verb + " "
                + call(draw.of(admin, portal), verb, draw).statusCode() / 100 + "xx";
    }

    private String minutes() {
        for (int step = 0; step < 6; step++) {
            pass(Duration.ofMinutes(5));
        }
        return "half an hour";
    }

    private String days(Draw draw) {
        ends();
        var eve = now().atZone(ZoneOffset.UTC).plusMonths(1).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
        var to = draw.of(eve.toInstant().minusSeconds(1200), now().plus(Duration.ofDays(1 + draw.below(40))));
        if (to.isAfter(now())) {
            stories.clock().advance(Duration.between(now(), to));
        }
        return "days";
    }

    private void pass(Duration time) {
        stories.clock().advance(time);
        stories.renewal().tick();
        stories.dispatcher().tick();
        stories.reconciler().tick();
    }

    private HttpResponse<String> call(String key, OwnersVerbs.Verb verb, Draw draw) {
        var path = java.util.regex.Pattern.compile("\\{(\\w+)}")
                .matcher(verb.path())
                .replaceAll(name -> value(name.group(1), draw));
        var headers = new java.util.HashMap<String, String>();
        if (verb.path().startsWith("/api/v1/budgets") && verb.method().equals("POST")) {
            headers.put("Idempotency-Key", "k" + draw.below(1000));
        }
        if (verb.method().equals("PATCH")) {
            headers.put("If-Match", version(path.substring(path.lastIndexOf('/') + 1)));
        }
        return send(key, verb.method(), path, verb.body(this, draw), headers);
    }

    /** For a part of a path, or of a body. */
    String value(String name, Draw draw) {
        return switch (name) {
            case "lab" -> lab.value();
            case "budget" -> any(ids("budget"), draw);
            case "job" -> any(ids("workload"), draw);
            case "key" -> any(spare, draw);
            case "member" -> "ada";
            case "project" -> "p";
            default -> "d";
        };
    }

    private static String any(List<String> values, Draw draw) {
        return values.isEmpty() ? "none" : values.get(draw.below(values.size()));
    }

    private List<String> ids(String table) {
        return stories.jdbc()
                .sql("select id from " + table + " where lab_id = :lab order by id")
                .param("lab", lab.value())
                .query(String.class)
                .list();
    }

    private List<String> live() {
        return stories.jdbc()
                .sql("select id from workload where lab_id = :lab and settled_at is null order by id")
                .param("lab", lab.value())
                .query(String.class)
                .list();
    }

    private String version(String budget) {
        return stories.jdbc()
                .sql("select coalesce(max(version), 0) from budget where id = :id")
                .param("id", budget)
                .query(String.class)
                .single();
    }

    private String person(String id, String role, boolean mayFund) {
        send(
                admin,
                "POST",
                "/api/v1/labs/" + lab + "/members",
                "{\"id\": \"%s\", \"name\": \"n\", \"role\": \"%s\"}".formatted(id, role),
                Map.of());
        var key = JSON.readTree(send(
                        admin,
                        "POST",
                        "/api/v1/api-keys",
                        "{\"lab\": \"%s\", \"member\": \"%s\", \"label\": \"l\", \"budgetsWrite\": %s}"
                                .formatted(lab, id, mayFund),
                        Map.of())
                .body());
        spare.add(id.equals("ada") ? key.path("id").asString() : "none");
        return key.path("secret").asString();
    }

    private HttpResponse<String> send(
            String key, String method, String path, String body, Map<String, String> headers) {
        var port = service.getEnvironment().getRequiredProperty("local.server.port");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.ofString(body))
                .setHeader("Content-Type", path.contains("/files/") ? "text/csv" : "application/json")
                .setHeader("Authorization", "Bearer " + key);
        headers.forEach(request::setHeader);
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
