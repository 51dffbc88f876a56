package dev.bursar.contract;

import static dev.bursar.contract.Tenant.made;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;

/** What somebody tries who has found a small key: to keep it, to enlarge it, to speak as another, to look over the wall. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThiefTests {

    private static final String LAB = "thief";
    private static final String OTHER = "thief-other";

    private final Client admin;
    private Client owner;
    private Client member;
    private Client stranger;

    ThiefTests(Environment environment) {
        admin = Service.in(environment).admin();
        owner = admin;
        member = admin;
        stranger = admin;
    }

    @BeforeAll
    void openTwoLabs() {
        var lab = Tenant.open(admin, LAB).withBudget("20");
        owner = lab.person("OWNER");
        member = lab.person("MEMBER");
        lab.upload("biopsies", "train.csv", "1,2\n0,1\n1,3\n0,0\n".getBytes(StandardCharsets.UTF_8));
        stranger = Tenant.open(admin, OTHER).person("OWNER");
    }

    @Test
    void doesNotHaveTheOldKeyAgainWhenSomebodyIsAddedAgain() {
        var leaver = new Tenant(LAB, admin).person("leaver", "VIEWER", true);
        var another = admin.with(made(leaver.post("/api/v1/api-keys", "{\"member\": \"leaver\", \"label\": \"spare\"}"))
                .text("secret"));
        assertThat(another.get("/api/v1/labs").status()).isEqualTo(200);

        assertThat(owner.delete("/api/v1/labs/" + LAB + "/members/leaver").status())
                .isEqualTo(204);
        made(owner.post(
                "/api/v1/labs/" + LAB + "/members", "{\"id\": \"leaver\", \"name\": \"L\", \"role\": \"OWNER\"}"));

        assertThat(leaver.get("/api/v1/labs").status()).isEqualTo(401);
        assertThat(another.get("/api/v1/labs").status()).isEqualTo(401);
        assertThat(admin.get("/api/v1/audit?subject=leaver&lab=" + LAB).body()).contains("\"keysRevoked\": 2");
    }

    @Test
    void makesNoKeyThatOutlivesTheOneAtHand() {
        var end = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);
        var brief = admin.with(
                made(member.post("/api/v1/api-keys", key("member", end))).text("secret"));

        var child = brief.post("/api/v1/api-keys", "{\"member\": \"member\", \"label\": \"for ever\"}");
        var later = brief.post("/api/v1/api-keys", key("member", end.plusSeconds(1)));
        var sooner = brief.post("/api/v1/api-keys", key("member", end.minusSeconds(1)));

        assertThat(Instant.parse(made(child).text("expiresAt"))).isEqualTo(end);
        assertThat(later.status()).as("%s", later).isEqualTo(400);
        assertThat(later.fields()).isEqualTo("expiresAt");
        assertThat(Instant.parse(made(sooner).text("expiresAt"))).isEqualTo(end.minusSeconds(1));
    }

    @Test
    void makesNoKeyThatOutlivesAnAdminsEither() {
        var end = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);
        var brief = admin.with(
                made(admin.post("/api/v1/api-keys", key("admin", end))).text("secret"));

        var own = brief.post("/api/v1/api-keys", "{\"member\": \"admin\", \"label\": \"for ever\"}");
        var others =
                brief.post("/api/v1/api-keys", "{\"lab\": \"thief\", \"member\": \"owner\", \"label\": \"for ever\"}");

        assertThat(Instant.parse(made(own).text("expiresAt"))).isEqualTo(end);
        assertThat(Instant.parse(made(others).text("expiresAt"))).isEqualTo(end);
    }

    @Test
    void speaksForOthersOnlyWithAPortalsKey() {
        var portal = new Tenant(LAB, admin).person("portal", "OWNER", true);

        var refused = as(member, "ada", "refused");
        var believed = as(portal, "Ada Lovelace", "believed");
        var wrong = as(portal, "a".repeat(201), "wrong");

        assertThat(refused.status()).as("%s", refused).isEqualTo(403);
        assertThat(wrong.status()).as("%s", wrong).isEqualTo(400);
        assertThat(wrong.fields()).isEqualTo("On-Behalf-Of");
        made(believed);
        assertThat(owner.get("/api/v1/audit?subject=believed")
                        .json()
                        .path("items")
                        .path(0)
                        .path("onBehalfOf")
                        .asString())
                .isEqualTo("Ada Lovelace");
    }

    @Test
    void tellsNoStoriesAboutTheWorkOfOthers() {
        var job = made(member.post("/api/v1/jobs", Trainings.xgboost(LAB))).id();

        made(stranger.post("/api/v1/datasets", dataset(job)));
        made(member.post("/api/v1/datasets", dataset(job)));
        assertThat(member.delete("/api/v1/datasets/" + job).status()).isEqualTo(204);

        var story = made(member.get("/api/v1/jobs/" + job + "/events")).json();
        assertThat(story.valueStream().map(event -> event.path("type").asString()))
                .isNotEmpty()
                .allMatch(type -> type.startsWith("workload."));
        assertThat(story.valueStream().map(event -> event.path("lab").asString()))
                .containsOnly(LAB);
    }

    @Test
    void findsNoArtifactOfANameThatIsNone() {
        var job = made(member.post("/api/v1/jobs", Trainings.xgboost(LAB))).id();
        made(member.get("/api/v1/jobs/" + job + "?wait=2m&until=end"));
        made(member.get("/api/v1/jobs/" + job + "/artifacts/model.tar.gz"));

        for (var name :
                new String[] {"x".repeat(5_000), "x".repeat(300), "none", "..x", "a%20b", "%E2%80%AE", ".hidden"}) {
            var answer = member.get("/api/v1/jobs/" + job + "/artifacts/" + name);

            assertThat(answer.status()).as("%s", answer).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 255, 256, 400, 512, 5_000})
    void refusesAFileNameThatNoDiskTakes(int length) {
        var answer = member.put("/api/v1/datasets/biopsies/files/" + "x".repeat(length), "1,2\n");

        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        assertThat(answer.fields()).isEqualTo("path");
    }

    @Test
    void keepsAFileOfTheLongestName() {
        var address = "/api/v1/datasets/biopsies/files/long/" + "x".repeat(200);

        made(member.put(address, "1,2\n"));

        assertThat(member.get(address).body()).isEqualTo("1,2\n");
        assertThat(member.delete(address).status()).isEqualTo(204);
    }

    @Test
    void findsATakenExternalIdTaken() {
        var members = "/api/v1/labs/" + LAB + "/members";
        var projects = "/api/v1/labs/" + LAB + "/projects";
        made(owner.post(members, "{\"id\": \"m1\", \"name\": \"M\", \"role\": \"VIEWER\", \"externalId\": \"x\"}"));
        made(owner.post(projects, "{\"id\": \"p1\", \"name\": \"P\", \"externalId\": \"x\"}"));

        requireTaken(
                owner.post(members, "{\"id\": \"m2\", \"name\": \"M\", \"role\": \"VIEWER\", \"externalId\": \"x\"}"));
        requireTaken(owner.post(projects, "{\"id\": \"p2\", \"name\": \"P\", \"externalId\": \"x\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prefix=../../../",
                "prefix=..",
                "prefix=.",
                "prefix=a/../",
                "prefix=/",
                "prefix=a//b",
                "prefix=./",
                "prefix=%02",
                "prefix=a%5cb",
                "cursor=../../../",
                "cursor=a/./b",
                "cursor=/etc/passwd",
                "cursor=%1b"
            })
    void seesNothingBesideADatasetByAPrefixOrACursor(String query) {
        var answer = member.get("/api/v1/datasets/biopsies/files?" + query);

        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefix=", "prefix=t", "prefix=train.csv", "cursor=s", "prefix=train&cursor=train"})
    void seesItsFilesByAPrefixOrACursorThatIsOne(String query) {
        var answer = made(member.get("/api/v1/datasets/biopsies/files?" + query));

        assertThat(answer.json().path("items").path(0).path("path").asString()).isEqualTo("train.csv");
    }

    private static String key(String member, Instant end) {
        return "{\"member\": \"%s\", \"label\": \"brief\", \"expiresAt\": \"%s\"}".formatted(member, end);
    }

    private static String dataset(String name) {
        return "{\"name\": \"%s\"}".formatted(name);
    }

    private static Answer as(Client caller, String person, String dataset) {
        return caller.send(
                "POST",
                "/api/v1/datasets",
                dataset(dataset),
                Map.of("Content-Type", "application/json", "On-Behalf-Of", person));
    }

    private static void requireTaken(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("already-exists");
    }
}
