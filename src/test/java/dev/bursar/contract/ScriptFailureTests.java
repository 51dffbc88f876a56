package dev.bursar.contract;

import static dev.bursar.contract.Tenant.made;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What a student sees of a script that goes wrong: an end, its reason in words, the log, and a bill for what it ran. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptFailureTests {

    private static final String LAB = "scripts";

    private final Client admin;
    private final JdbcClient jdbc;
    private final Map<String, String> jobs = new LinkedHashMap<>();
    private Client member;

    ScriptFailureTests(Environment environment, JdbcClient jdbc) {
        admin = Service.in(environment).admin();
        this.jdbc = jdbc;
        member = admin;
    }

    /** All at once, so that they wait for each other only where the engine has no host left. */
    @BeforeAll
    void startThemAll() {
        var lab = Tenant.open(admin, LAB).withBudget("20");
        member = lab.person("MEMBER");
        lab.upload("biopsies", "train.csv", text("1,2\n0,1\n"));
        lab.upload("code", "crash.sh", text("echo reading the data\necho no column called label >&2\nexit 3\n"));
        lab.upload("code", "endless.sh", text("echo started\nwhile true; do sleep 0.1; done\n"));
        lab.upload(
                "code",
                "chatty.sh",
                text("yes 'one more line of a talkative script' | head -n 1000000\necho that was all\n"));
        lab.upload("code", "broken.py", text("import no_such_library\n"));
        lab.upload("code", "wrong.tar.gz", Trainings.packed(Map.of("train.sh", "exec ./there-is-no-such-file\n")));
        start("crash", Trainings.script(LAB, "crash.sh", "PT2M"));
        start("endless", Trainings.script(LAB, "endless.sh", "PT2S"));
        start("broken", Trainings.script(LAB, "broken.py", "PT2M"));
        start("missing", Trainings.archive(LAB, "wrong.tar.gz", "train.sh"));
        start("chatty", Trainings.script(LAB, "chatty.sh", "PT2M"));
    }

    @Test
    void saysWithWhatCodeAndWordsAScriptFailed() {
        var job = end("crash");

        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(failure(job)).contains("no column called label", "exit code: 3");
        assertThat(log("crash")).contains("reading the data", "no column called label");
    }

    @Test
    void showsThePythonErrorOfAScriptThatCannotStart() {
        var job = end("broken");

        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(failure(job)).contains("no_such_library");
        assertThat(log("broken")).contains("ModuleNotFoundError");
    }

    @Test
    void saysWhichFileAScriptDidNotFind() {
        var job = end("missing");

        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(failure(job)).contains("there-is-no-such-file");
        assertThat(log("missing")).contains("there-is-no-such-file");
    }

    @Test
    void endsAScriptThatNeverEndsByItsMaximumRunTime() {
        var job = end("endless");

        assertThat(job.path("state").asString()).isEqualTo("STOPPED");
        assertThat(job.path("stopCause").asString()).isEqualTo("MAX_RUNTIME");
        assertThat(job.path("message").asString()).containsIgnoringCase("maxRuntime");
        assertThat(job.path("outcome").path("billedSeconds").asDouble()).isBetween(2.0, 30.0);
        assertThat(log("endless")).contains("started");
    }

    @Test
    void keepsTheEndOfALongLog() {
        var job = end("chatty");

        assertThat(job.path("state").asString()).as("%s", job).isEqualTo("COMPLETED");
        assertThat(log("chatty")).contains("one more line of a talkative script", "that was all");
    }

    @Test
    void chargesWhatRanAndGivesTheRestBack() {
        jobs.keySet().forEach(this::end);

        var held = jdbc.sql("select sum(held) from hold where lab_id = :lab")
                .param("lab", LAB)
                .query(java.math.BigDecimal.class)
                .single();
        var charged = jdbc.sql("select count(*) from hold where lab_id = :lab and charged > 0")
                .param("lab", LAB)
                .query(Long.class)
                .single();

        assertThat(held).isEqualByComparingTo("0");
        assertThat(charged).isEqualTo(jobs.size());
    }

    private void start(String name, String request) {
        jobs.put(name, made(member.post("/api/v1/jobs", request)).id());
    }

    private JsonNode end(String name) {
        var answer = made(member.get("/api/v1/jobs/" + jobs.get(name) + "?wait=90s&until=end"));
        assertThat(answer.json().has("settledAt")).as("%s", answer).isTrue();
        return answer.json();
    }

    private String log(String name) {
        return made(member.get("/api/v1/jobs/" + jobs.get(name) + "/logs?tail=50"))
                .body();
    }

    private static String failure(JsonNode job) {
        return job.path("outcome").path("failure").asString("none in " + job);
    }

    private static byte[] text(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }
}
