package dev.bursar.contract;

import static dev.bursar.contract.Tenant.made;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keys that open nothing, things of other labs, and requests that come twice. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyAndRepetitionTests {

    private static final String LAB = "repetition";
    private static final String OTHER = "repetition-other";

    private final Client admin;
    private final Books books;
    private Client owner;
    private Client stranger;

    KeyAndRepetitionTests(Environment environment, JdbcClient jdbc) {
        admin = Service.in(environment).admin();
        books = new Books(jdbc);
        owner = admin;
        stranger = admin;
    }

    @BeforeAll
    void makeLabs() {
        var lab = Tenant.open(admin, LAB).withBudget("20");
        owner = lab.person("OWNER");
        lab.upload("biopsies", "train.csv", "1,2\n0,1\n1,3\n0,0\n".getBytes(StandardCharsets.UTF_8));
        stranger = Tenant.open(admin, OTHER).person("OWNER");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer bsr_wrong", "Bearer ", "Bearer", "Basic YWRtaW46YWRtaW4=", "bsr_wrong", "Bearer \u00e9"})
    void refusesAWrongKey(String authorization) {
        var answer = admin.send("GET", "/api/v1/labs", "", Map.of("Authorization", authorization));

        requireUnauthenticated(answer);
    }

    @Test
    void refusesAnExpiredKey() {
        var expiresAt = Instant.now().plusMillis(1_500);
        var made = made(owner.post(
                "/api/v1/api-keys",
                "{\"member\": \"owner\", \"label\": \"short\", \"expiresAt\": \"%s\"}".formatted(expiresAt)));
        var short1 = admin.with(made.text("secret"));
        assertThat(short1.get("/api/v1/labs").status()).isEqualTo(200);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> short1.get("/api/v1/labs").status() != 200);

        requireUnauthenticated(short1.get("/api/v1/labs"));
    }

    @Test
    void refusesARevokedKeyAndThatOfAMemberWhoLeft() {
        var made = made(owner.post("/api/v1/api-keys", "{\"member\": \"owner\", \"label\": \"lost\"}"));
        var leaver = new Tenant(LAB, admin).person("leaver", "MEMBER", false);
        assertThat(leaver.get("/api/v1/labs").status()).isEqualTo(200);

        assertThat(owner.delete("/api/v1/api-keys/" + made.id()).status()).isEqualTo(204);
        assertThat(owner.delete("/api/v1/labs/" + LAB + "/members/leaver").status())
                .isEqualTo(204);

        requireUnauthenticated(admin.with(made.text("secret")).get("/api/v1/labs"));
        requireUnauthenticated(leaver.get("/api/v1/labs"));
    }

    @Test
    void doesOnceWhatIsAskedTwice() {
        var request = Trainings.xgboost(LAB, "\"num_round\": 5", "\"num_round\": 2");

        var first = owner.post("/api/v1/jobs", request, "once");
        var workloads = books.workloads(LAB);
        var second = owner.post("/api/v1/jobs", request, "once");
        var other = owner.post("/api/v1/jobs", request.replace("PT10M", "PT11M"), "once");

        assertThat(first.status()).as("%s", first).isEqualTo(202);
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("Idempotent-Replay")).isEqualTo("true");
        assertThat(other.status()).as("%s", other).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        assertThat(books.workloads(LAB)).isEqualTo(workloads);
        assertThat(stranger.get("/api/v1/jobs/" + first.id()).status()).isEqualTo(404);
        assertThat(stranger.post("/api/v1/jobs/" + first.id() + "/stop", "").status())
                .isEqualTo(404);
    }

    @Test
    void takesTheSameKeyForAnotherLabAsAnotherRequest() {
        var eve = "{\"id\": \"eve\", \"name\": \"Eve\", \"role\": \"VIEWER\"}";
        made(admin.post("/api/v1/labs/" + LAB + "/members", eve, "add-eve"));

        var elsewhere = admin.post("/api/v1/labs/" + OTHER + "/members", eve, "add-eve");

        assertThat(elsewhere.status()).as("%s", elsewhere).isEqualTo(422);
        assertThat(admin.get("/api/v1/labs/" + OTHER + "/members/eve").status()).isEqualTo(404);
    }

    @Test
    void creditsOnceAndOnlyWithAKey() {
        var budget = "/api/v1/budgets/"
                + admin.get("/api/v1/budgets?lab=" + LAB)
                        .json()
                        .path("items")
                        .path(0)
                        .path("id")
                        .asString();
        var five = "{\"amount\": 5, \"reason\": \"renewed\"}";

        var without = admin.post(budget + "/credits", five);
        var first = admin.post(budget + "/credits", five, "renewal");
        var again = admin.post(budget + "/credits", five, "renewal");
        var blank = admin.post(budget + "/credits", five, " ");

        assertThat(without.status()).as("%s", without).isEqualTo(400);
        assertThat(without.problem()).isEqualTo("idempotency-key-required");
        assertThat(first.status()).isEqualTo(201);
        assertThat(again.json().path("amount")).isEqualTo(first.json().path("amount"));
        assertThat(blank.status()).as("%s", blank).isEqualTo(400);
        assertThat(admin.get(budget).json().path("amount").asDecimal()).isEqualByComparingTo("25");
    }

    @Test
    void refusesAKeyOfRepetitionThatIsTooLong() {
        var answer = owner.post("/api/v1/datasets", "{\"name\": \"never\"}", "k".repeat(256));

        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        assertThat(answer.fields()).isEqualTo("Idempotency-Key");
    }

    private static void requireUnauthenticated(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(401);
        assertThat(answer.problem()).isEqualTo("unauthenticated");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
}
