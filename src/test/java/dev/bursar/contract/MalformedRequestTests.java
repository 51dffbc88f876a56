package dev.bursar.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.testing.ServiceTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Requests that are wrong as requests: each is answered with a problem of the 400s and leaves no trace. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedRequestTests {

    private static final String LAB = "malformed";
    private static final int MORE_THAN_ALLOWED = 1024 * 1024 + 1;

    private final Service service;
    private final Books books;
    private Client owner;

    MalformedRequestTests(Environment environment, JdbcClient jdbc) {
        service = Service.in(environment);
        books = new Books(jdbc);
        owner = service.admin();
    }

    @BeforeAll
    void makeALab() {
        var lab = Tenant.open(service.admin(), LAB).withBudget("20");
        owner = lab.person("OWNER");
        lab.upload("biopsies", "train.csv", "1,2\n0,1\n".getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void nothingIsLostOrHeld() {
        books.requireUntouched(LAB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"kind\": }",
                "nonsense",
                "[1, 2",
                "{\"a\": 1} {\"b\": 2}",
                "{'kind': 'training'}",
                "{\"kind\": NaN}"
            })
    void saysWhereTheJsonIsBroken(String body) {
        var answer = owner.post("/api/v1/jobs", body);

        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        assertThat(answer.problem()).isIn("malformed-json", "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "12", "\"text\"", "[]", "{}", "[{\"kind\": \"training\"}]"})
    void refusesJsonThatIsNoRequest(String body) {
        for (var path :
                new String[] {"jobs", "estimates", "datasets", "budgets", "api-keys", "labs/" + LAB + "/members"}) {
            var answer = owner.post("/api/v1/" + path, body);

            assertThat(answer.status()).as("%s: %s", path, answer).isEqualTo(400);
        }
    }

    @Test
    void refusesJsonThatIsNestedTooDeeply() {
        var deep = "[".repeat(100_000);
        var nested = "{\"kind\": \"training\", \"hyperparameters\": {\"a\": " + "{\"a\": ".repeat(2_000) + "1"
                + "}".repeat(2_001) + "}";

        assertThat(owner.post("/api/v1/jobs", deep).status()).isEqualTo(400);
        assertThat(owner.post("/api/v1/jobs", nested).status()).isEqualTo(400);
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        var body = "{\"name\": \"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

        var answer = owner.send("POST", "/api/v1/datasets", BodyPublishers.ofByteArray(body), Client.JSON);

        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
    }

    @Test
    void namesAFieldThatItDoesNotKnow() {
        var answer = owner.post("/api/v1/datasets", "{\"name\": \"x\", \"descripton\": \"misspelt\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.fields()).isEqualTo("descripton");
        assertThat(answer.text("detail")).contains("description");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "datasets | {\"name\": \"a\\u0000b\"} | name",
                "datasets | {\"name\": \"a\", \"description\": \"a\\u0000b\"} | description",
                "datasets | {\"name\": \"Not A Name\"} | name",
                "datasets | {\"name\": \"-a\"} | name",
                "datasets | {\"name\": 7} | name",
                "budgets | {\"project\": \"lesson\", \"name\": \"a\\u0000b\", \"amount\": 1} | name",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": -1} | amount",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 0} | amount",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 1e400} | amount",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 1e999999999} | amount",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 1000000000000000000000000000000} | amount",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 1234567890123456789012345678901234567890} | amount",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 0.0000001} | amount",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": \"1\"} | amount",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": true} | amount",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 1, \"endsAt\": \"yesterday\"} | endsAt",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 1, \"endsAt\": \"2000-01-01T00:00:00Z\"} | endsAt",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 1, \"endsAt\": \"+1000000000-12-31T23:59:59Z\"} | endsAt",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 1, \"endsAt\": \"+999999-01-01T00:00:00Z\"} | endsAt",
                "budgets | {\"member\": \"owner\", \"name\": \"a\", \"amount\": 1, \"endsAt\": 1e400} | endsAt",
                "api-keys | {\"member\": \"owner\", \"label\": \"a\", \"expiresAt\": \"+999999-01-01T00:00:00Z\"} | expiresAt",
                "api-keys | {\"member\": \"owner\", \"label\": \"a\", \"expiresAt\": \"2001-01-01T00:00:00Z\"} | expiresAt",
                "api-keys | {\"member\": \"owner\", \"label\": \"a\\u0000\"} | label",
                "labs/malformed/members | {\"id\": \"eve\", \"name\": \"Eve\", \"role\": \"KING\"} | role",
                "labs/malformed/members | {\"id\": \"eve\", \"name\": \"Eve\", \"role\": \"ADMIN\"} | role",
                "labs/malformed/members | {\"id\": \"eve\", \"name\": \"Eve\", \"role\": 2} | role",
                "labs/malformed/members | {\"id\": \"eve\", \"role\": \"MEMBER\"} | name",
            })
    void namesTheFieldThatIsWrong(String path, String body, String field) {
        var answer = owner.post("/api/v1/" + path, body);

        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        assertThat(answer.fields()).as("%s", answer).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jobs?limit=-1",
                "jobs?limit=0",
                "jobs?limit=1e400",
                "jobs?limit=99999999999999",
                "jobs?limit=many",
                "jobs?state=DONE",
                "budgets?limit=-1",
                "labs?limit=201",
                "audit?cursor=garbage",
                "audit?cursor=99999999999999999999",
                "instance-types?limit=-1",
                "instance-types?minVcpu=-1",
                "instance-types?minMemoryGib=many",
                "instance-types?component=dreaming",
                "jobs/06a0k9x4wsn3q7rt!",
                "jobs?lab=%00",
                "jobs?cursor=%00",
                "datasets?cursor=a%00b",
                "audit?subject=%00",
                "jobs?project=%00",
                "datasets/biopsies/files?prefix=%00",
                "datasets/biopsies/files?cursor=%00",
                "jobs?cursor=%FF",
            })
    void refusesAQueryThatCannotBe(String path) {
        var answer = owner.get("/api/v1/" + path);

        assertThat(answer.status()).as("%s", answer).isIn(400, 404);
        assertThat(answer.problem()).as("%s", answer).isIn("invalid-request", "not-found");
    }

    @Test
    void refusesABodyOverOneMegabyteHoweverItIsSent() {
        var large = "{\"name\": \"" + "a".repeat(MORE_THAN_ALLOWED) + "\"}";
        var bytes = large.getBytes(StandardCharsets.UTF_8);

        var announced = owner.post("/api/v1/datasets", large);
        var chunked = owner.send(
                "POST",
                "/api/v1/datasets",
                BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(bytes)),
                Client.JSON);

        assertThat(announced.problem()).as("%s", announced).isEqualTo("too-large");
        assertThat(announced.status()).isEqualTo(413);
        assertThat(chunked.problem()).as("%s", chunked).isEqualTo("too-large");
        assertThat(chunked.status()).isEqualTo(413);
    }

    @Test
    void takesALargeJsonFileAsAFile() {
        var large = "[" + "1,".repeat(MORE_THAN_ALLOWED / 2) + "1]";

        var answer = owner.send("PUT", "/api/v1/datasets/biopsies/files/large.json", large, Client.JSON);

        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 3_000_000})
    void showsNothingOfAnUploadThatWasCutOff(int sent) {
        var head = """
                PUT /api/v1/datasets/biopsies/files/cut-%d.csv HTTP/1.1
                Host: localhost
                Authorization: Bearer %s
                Content-Type: text/csv
                Content-Length: %d""".formatted(sent, owner.key(), sent + 1_000);

        new RawRequest(service.address()).cutOff(head, new byte[sent]);

        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            var files = owner.get("/api/v1/datasets/biopsies/files");
            assertThat(files.body()).contains("train.csv").doesNotContain("cut-");
        });
    }

    @Test
    void refusesAFileThatIsSentAsAForm() {
        var answer = owner.send(
                "PUT",
                "/api/v1/datasets/biopsies/files/form.csv",
                "x",
                Map.of("Content-Type", "multipart/form-data; boundary=x"));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.problem()).isEqualTo("unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "text/xml",
                "application/yaml",
                "application/x-yaml",
                "application/cbor",
                "application/x-jackson-smile",
                "application/octet-stream",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x"
            })
    void takesOnlyJson(String contentType) {
        var answer = owner.send("POST", "/api/v1/datasets", "name=a", Map.of("Content-Type", contentType));

        assertThat(answer.status()).as("%s", answer).isEqualTo(415);
        assertThat(answer.problem()).isEqualTo("unsupported-media-type");
    }

    @Test
    void readsNoYamlThatItsStrictnessWouldNotSee() {
        var yaml = "id: eve\nname: Eve\nrole: 2\n";

        var answer = owner.send(
                "POST", "/api/v1/labs/" + LAB + "/members", yaml, Map.of("Content-Type", "application/yaml"));

        assertThat(answer.status()).as("%s", answer).isEqualTo(415);
        assertThat(owner.get("/api/v1/labs/" + LAB + "/members/eve").status()).isEqualTo(404);
    }

    @Test
    void refusesAContentTypeThatIsNone() {
        var answer = owner.send("POST", "/api/v1/datasets", "{}", Map.of("Content-Type", "nonsense;;;"));

        assertThat(answer.status()).as("%s", answer).isIn(400, 415);
    }

    @Test
    void refusesToAnswerInAFormThatItDoesNotHave() {
        var answer = owner.send("GET", "/api/v1/jobs", "", Map.of("Accept", "image/png"));

        assertThat(answer.status()).as("%s", answer).isEqualTo(406);
    }
}
