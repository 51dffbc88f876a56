package dev.bursar.contract;

import static dev.bursar.contract.Tenant.made;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.HostileText;
import dev.bursar.testing.ServiceTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Rule C4, told with a member's own scripts: what they leave behind ends their own job, and holds up nobody. */
@ServiceTest
class HostileScriptTests {

    private static final List<String> FAILURES = List.of(
            "NUL within",
            "every control character",
            "half an emoji within",
            "clears the screen",
            "lone CR",
            "noncharacters",
            "1 MB",
            "1 MB of NUL");

    /** Every text as lines of the log, and, where it can be one, as the name of a file in the model. */
    private static final String WRITE_ALL = """
            for text in texts/*; do cat "$text"; echo; done
            for text in names/*; do echo 1 > "$SM_MODEL_DIR/$(cat "$text")"; done
            ls "$SM_MODEL_DIR" | wc -l
            """;

    private static final String FAIL = "cat failure > \"$SM_OUTPUT_DIR/failure\"\nexit 1\n";

    private final Client admin;
    private final JdbcClient jdbc;
    private final JsonMapper json;

    HostileScriptTests(Environment environment, JdbcClient jdbc, JsonMapper json) {
        admin = Service.in(environment).admin();
        this.jdbc = jdbc;
        this.json = json;
    }

    @Test
    void endsEveryJobWhateverItsScriptWritesAndStartsTheWorkOfOthers() {
        var lab = Tenant.open(admin, "hostile").withBudget("20");
        var member = lab.person("MEMBER");
        lab.upload("biopsies", "train.csv", "1,2\n0,1\n".getBytes(StandardCharsets.UTF_8));
        var jobs = new LinkedHashMap<String, String>();
        failures()
                .forEach(text -> jobs.put(
                        text.name(),
                        job(
                                lab,
                                member,
                                Map.of("run.sh", FAIL.getBytes(StandardCharsets.UTF_8), "failure", text.bytes()))));
        var all = new LinkedHashMap<String, byte[]>();
        all.put("run.sh", WRITE_ALL.getBytes(StandardCharsets.UTF_8));
        HostileText.upTo(70_000).forEach(text -> all.put("texts/" + all.size(), text.bytes()));
        HostileText.fileNames().forEach(text -> all.put("names/" + all.size(), text.bytes()));
        jobs.put("all at once", job(lab, member, all));
        var other = Tenant.open(admin, "bystander").withBudget("20");
        other.upload("biopsies", "train.csv", "1,2\n0,1\n".getBytes(StandardCharsets.UTF_8));
        var bystander =
                job(other, other.person("MEMBER"), Map.of("run.sh", "exit 0\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(end(other.person("VIEWER"), bystander)).isEqualTo("COMPLETED");
        failures()
                .forEach(text -> assertThat(end(member, String.valueOf(jobs.get(text.name()))))
                        .as(text.name())
                        .isEqualTo("FAILED"));
        assertThat(end(member, String.valueOf(jobs.get("all at once")))).isEqualTo("COMPLETED");
        jobs.values()
                .forEach(id -> Stream.of("", "/logs?tail=10000", "/events", "/metrics", "/artifacts")
                        .forEach(part -> made(member.get("/api/v1/jobs/" + id + part))));
        assertThat(stuck()).isZero();
    }

    private static Stream<HostileText> failures() {
        return Stream.concat(
                HostileText.all().filter(text -> FAILURES.contains(text.name())),
                Stream.of(new HostileText("half a surrogate as bytes", "\ud83d")));
    }

    @Test
    void refusesOrTakesEveryLabelAndEveryNameOfAnArtefact() {
        var lab = Tenant.open(admin, "labels").withBudget("0.000001");
        var member = lab.person("MEMBER");
        lab.upload("biopsies", "train.csv", "1,2\n0,1\n".getBytes(StandardCharsets.UTF_8));
        lab.upload("code", "run.sh", "exit 0\n".getBytes(StandardCharsets.UTF_8));

        HostileText.all().forEach(text -> {
            var request = Trainings.script("labels", "run.sh", "PT1M")
                    .replace("\"of a test\"", json.writeValueAsString(text.value()));
            assertThat(member.post("/api/v1/jobs", request).status())
                    .as(text.name())
                    .isBetween(400, 499);
        });
    }

    @Test
    void knowsNoArtefactOfAHostileName() {
        var lab = Tenant.open(admin, "artefacts").withBudget("20");
        var member = lab.person("MEMBER");
        lab.upload("biopsies", "train.csv", "1,2\n0,1\n".getBytes(StandardCharsets.UTF_8));
        var job = job(lab, member, Map.of("run.sh", "echo 1 > \"$SM_MODEL_DIR/a\"\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(end(member, job)).isEqualTo("COMPLETED");

        HostileText.upTo(2_000).filter(text -> !text.value().isEmpty()).forEach(text -> {
            var name = URLEncoder.encode(text.value(), StandardCharsets.UTF_8).replace("+", "%20");
            assertThat(member.get("/api/v1/jobs/" + job + "/artifacts/" + name).status())
                    .as(text.name())
                    .isBetween(400, 499);
        });
    }

    private String job(Tenant lab, Client member, Map<String, byte[]> files) {
        var archive = "a" + files.hashCode() + ".tar.gz";
        lab.upload("code", archive, Trainings.packedBytes(files));
        return made(member.post("/api/v1/jobs", Trainings.archive(lab.lab(), archive, "run.sh")))
                .id();
    }

    private static String end(Client member, String job) {
        var answer = made(member.get("/api/v1/jobs/" + job + "?wait=120s&until=end"));
        assertThat(answer.json().has("settledAt")).as("%s", answer).isTrue();
        return answer.text("state");
    }

    private int stuck() {
        return jdbc.sql("select count(*) from workload where failing_since is not null or settled_at is null")
                .query(Integer.class)
                .single();
    }
}
