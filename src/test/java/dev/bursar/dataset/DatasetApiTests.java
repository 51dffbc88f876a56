package dev.bursar.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

class DatasetApiTests extends DatasetModule {

    DatasetApiTests(@LocalServerPort int port, JdbcClient jdbc) {
        super(port, jdbc);
    }

    @Test
    void givesBackWhatWasUploaded() {
        var bytes = bytes(3_000_000);

        var uploaded = put("2026/train.csv", BodyPublishers.ofByteArray(bytes), "text/csv");
        assertThat(uploaded.statusCode()).isEqualTo(201);
        assertThat(uploaded.body())
                .contains("\"bytes\":3000000")
                .contains("/labs/" + lab + "/datasets/biopsies/2026/train.csv");

        var downloaded = api().send(api().request(file("2026/train.csv")).GET().build(), BodyHandlers.ofByteArray());
        assertThat(downloaded.statusCode()).isEqualTo(200);
        assertThat(downloaded.body()).isEqualTo(bytes);
        assertThat(downloaded.headers().firstValue("Content-Type")).hasValue("text/csv");
        assertThat(downloaded.headers().firstValueAsLong("Content-Length")).hasValue(3_000_000);
        assertThat(downloaded.headers().firstValue("Content-Disposition").orElseThrow())
                .startsWith("attachment;")
                .contains("train.csv");
        assertThat(put("2026/train.csv", BodyPublishers.ofString("0,1\n"), null).statusCode())
                .isEqualTo(200);
    }

    @Test
    void takesAFileWhoseLengthIsNotAnnounced() {
        var bytes = bytes(10_000_000);
        var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));

        assertThat(put("x.bin", chunked, null).statusCode()).isEqualTo(201);

        assertThat(api().send(api().request(file("x.bin")).GET().build(), BodyHandlers.ofByteArray())
                        .body())
                .isEqualTo(bytes);
    }

    @Test
    void keepsWhatCurlSendsAsAForm() {
        assertThat(put("x.csv", BodyPublishers.ofString("a=1&b=2"), "application/x-www-form-urlencoded")
                        .statusCode())
                .isEqualTo(201);

        assertThat(api().get(file("x.csv")).body()).isEqualTo("a=1&b=2");
        assertThat(put("y.csv", BodyPublishers.ofString("--x"), "multipart/form-data; boundary=x")
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void givesAPartOfAFile() {
        put("x.csv", BodyPublishers.ofString("0123456789"), "text/csv");

        var part = api().send(
                        api().request(file("x.csv"))
                                .header("Range", "bytes=2-4")
                                .GET()
                                .build(),
                        BodyHandlers.ofString());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("234");
        assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 2-4/10");
        assertThat(api().send(
                                api().request(file("x.csv"))
                                        .header("Range", "bytes=99-")
                                        .GET()
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void refusesWhatIsTooLargeAnnouncedOrNot() {
        var bytes = bytes(12 * 1024 * 1024 + 1);

        assertThat(put("x", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)), null)
                        .statusCode())
                .isEqualTo(413);
        assertThat(api().firstOfAnswer(file("x.csv"), "Content-Length: 99999999999"))
                .startsWith("HTTP/1.1 413");

        assertThat(api().get(files()).body()).isEqualTo("{\"items\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9000000", "Content-Length: 1000", "Transfer-Encoding: chunked"})
    void keepsNothingOfAnUploadThatWasCutOff(String length) {
        api().cutOff(file("x.csv"), length);

        Awaitility.await()
                .pollDelay(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(api().get(files()).body()).isEqualTo("{\"items\":[]}"));
        assertThat(S3.keys(bucket())).noneMatch(key -> key.contains(lab));
    }

    @Test
    void listsPageByPage() {
        for (var name : new String[] {"a.csv", "b/c.csv", "d.csv"}) {
            put(name, BodyPublishers.ofString(name), "text/csv");
        }

        var first = api().get(files() + "&limit=2");
        assertThat(first.body())
                .contains("a.csv", "b/c.csv", "\"next\":\"b/c.csv\"")
                .doesNotContain("d.csv");
        assertThat(first.headers().firstValue("Link").orElseThrow()).contains("rel=\"next\"");
        assertThat(api().get(files() + "&limit=2&cursor=b%2Fc.csv").body())
                .contains("d.csv")
                .doesNotContain("next");
        assertThat(api().get(files() + "&prefix=b").body()).contains("b/c.csv").doesNotContain("a.csv");
        assertThat(api().get("/datasets/biopsies?lab=" + lab).body())
                .contains("\"files\":3", "\"bytes\":17", "\"usdPerMonth\":0.000001", "no budget");
        assertThat(api().get("/datasets?lab=" + lab).body()).contains("\"name\":\"biopsies\"");
    }

    @Test
    void deletesAgainAndAgain() {
        put("x.csv", BodyPublishers.ofString("1"), "text/csv");
        put("y.csv", BodyPublishers.ofString("1"), "text/csv");

        assertThat(api().delete(file("x.csv")).statusCode()).isEqualTo(204);
        assertThat(api().delete(file("x.csv")).statusCode()).isEqualTo(204);
        assertThat(api().get(file("x.csv")).statusCode()).isEqualTo(404);

        assertThat(api().delete("/datasets/biopsies?lab=" + lab).statusCode()).isEqualTo(204);
        assertThat(api().delete("/datasets/biopsies?lab=" + lab).statusCode()).isEqualTo(204);
        assertThat(api().get("/datasets/biopsies?lab=" + lab).statusCode()).isEqualTo(404);
        assertThat(put("x.csv", BodyPublishers.ofString("1"), "text/csv").statusCode())
                .isEqualTo(404);
        assertThat(S3.keys(bucket())).noneMatch(key -> key.contains(lab));
        assertThat(jdbc.sql("select type from event where lab_id = :lab order by id")
                        .param("lab", lab)
                        .query(String.class)
                        .list())
                .containsExactly(
                        "lab.opened",
                        "dataset.created",
                        "dataset.file.uploaded",
                        "dataset.file.uploaded",
                        "dataset.file.deleted",
                        "dataset.deleted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%2e%2e/x",
                "a/%2e%2e/b",
                "a//b",
                "a%2Fb",
                "a%00b",
                "a%0Ab",
                "a%5Cb",
                "a;b",
                "a/",
                "%C3%BC",
                "a%252Fb",
                ""
            })
    void refusesHostilePaths(String path) {
        assertThat(put(path, BodyPublishers.ofString("1"), "text/csv").statusCode())
                .isEqualTo(400);
        assertThat(api().get(files()).body()).isEqualTo("{\"items\":[]}");
    }

    @Test
    void takesSpacesAndSigns() {
        assertThat(put("a%20b/c+d=e.csv", BodyPublishers.ofString("1"), "text/csv")
                        .statusCode())
                .isEqualTo(201);

        assertThat(api().get(files()).body()).contains("a b/c+d=e.csv");
        assertThat(api().get(file("a%20b/c+d=e.csv")).body()).isEqualTo("1");
    }

    @Test
    void keepsFilesAndFoldersApart() {
        put("a/b", BodyPublishers.ofString("1"), "text/csv");

        assertThat(put("a", BodyPublishers.ofString("1"), "text/csv").statusCode())
                .isEqualTo(409);
        assertThat(put("a/b/c", BodyPublishers.ofString("1"), "text/csv").statusCode())
                .isEqualTo(409);
    }

    @Test
    void refusesBadAndTakenNames() {
        assertThat(api().post("/datasets", "{\"name\":\"biopsies\",\"lab\":\"%s\"}".formatted(lab))
                        .statusCode())
                .isEqualTo(409);
        assertThat(api().post("/datasets", "{\"name\":\"../x\",\"lab\":\"%s\"}".formatted(lab))
                        .statusCode())
                .isEqualTo(400);
        assertThat(api().post("/datasets", "{\"lab\":\"%s\"}".formatted(lab)).statusCode())
                .isEqualTo(400);
        assertThat(api().post("/datasets", "{\"name\":\"x\",\"lab\":\"nobody\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(api().get("/datasets/Bad_Name?lab=" + lab).statusCode()).isEqualTo(404);
        assertThat(api().delete("/datasets/Bad_Name?lab=" + lab).statusCode()).isEqualTo(204);
    }

    private String bucket() {
        return jdbc.sql("select bucket from aws_account").query(String.class).single();
    }

    private String files() {
        return "/datasets/biopsies/files?lab=" + lab;
    }

    private String file(String path) {
        return "/datasets/biopsies/files/" + path + "?lab=" + lab;
    }

    private HttpResponse<String> put(String path, BodyPublisher body, @Nullable String type) {
        return api().put(file(path), body, type);
    }

    private static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
