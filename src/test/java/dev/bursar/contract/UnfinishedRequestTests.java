package dev.bursar.contract;

import static dev.bursar.contract.Tenant.made;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.testing.ServiceTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.env.Environment;

/** Many who begin a request and do not end it: the others do not notice. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnfinishedRequestTests {

    private static final String LAB = "unfinished";
    private static final int TOO_MANY = 5;
    private static final int MORE_THAN_THERE_ARE_THREADS = 420;

    private final Service service;
    private Client slow;
    private Client other;

    UnfinishedRequestTests(Environment environment) {
        service = Service.in(environment);
        slow = service.admin();
        other = service.admin();
    }

    @BeforeAll
    void makeALab() {
        var lab = Tenant.open(service.admin(), LAB);
        slow = lab.person("slow", "MEMBER", false);
        other = lab.person("other", "MEMBER", false);
        made(other.post("/api/v1/datasets", "{\"name\": \"biopsies\"}"));
    }

    @Test
    @Timeout(60)
    void answersAndClosesAtOnceWhereThereIsNoKey() throws IOException {
        var sockets = new ArrayList<Socket>();
        var open = new ArrayList<Socket>();
        try {
            for (int at = 0; at < MORE_THAN_THERE_ARE_THREADS; at++) {
                var upload = at % 2 == 0;
                sockets.add(begun(upload ? "PUT /api/v1/datasets/biopsies/files/a.csv" : "POST /api/v1/jobs", null));
                open.add(begun("GET /actuator/health", null));
            }
            var begin = System.nanoTime();

            for (var socket : sockets) {
                assertThat(answerUntilClosed(socket)).startsWith("HTTP/1.1 401").contains("application/problem+json");
            }

            for (var socket : open) {
                assertThat(answerUntilClosed(socket)).startsWith("HTTP/1.1 200");
            }
            assertThat(other.get("/api/v1/datasets").status()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        } finally {
            closeAll(sockets);
            closeAll(open);
        }
    }

    @Test
    @Timeout(60)
    void takesOnlySoManyUnfinishedBodiesOfOneMember() throws IOException {
        requireLimit("POST /api/v1/datasets", () -> other.post("/api/v1/datasets", "{\"name\": \"quick\"}"));
    }

    @Test
    @Timeout(60)
    void takesOnlySoManyFilesOfOneMemberAtOnce() throws IOException {
        var file = "1,2\n".getBytes(StandardCharsets.UTF_8);

        requireLimit(
                "PUT /api/v1/datasets/biopsies/files/slow.csv",
                () -> other.put("/api/v1/datasets/biopsies/files/quick.csv", file));
    }

    @Test
    void keepsWhatComesWithoutALength() {
        for (int size : new int[] {0, 1, 8 * 1024 * 1024, 8 * 1024 * 1024 + 1, 20_000_000}) {
            var body = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[size]));

            var answer = other.send("PUT", "/api/v1/datasets/biopsies/files/unknown", body, Map.of());

            assertThat(answer.status()).as("%s", answer).isIn(200, 201);
            assertThat(answer.json().path("bytes").asInt()).isEqualTo(size);
        }
    }

    private interface Request {
        Answer send();
    }

    private void requireLimit(String slowRequest, Request quickRequest) throws IOException {
        var sockets = new ArrayList<Socket>();
        try {
            for (int at = 0; at < 40 + TOO_MANY; at++) {
                sockets.add(begun(slowRequest, slow.key()));
            }
            await().atMost(Duration.ofSeconds(8)).until(() -> answered(sockets).size() >= TOO_MANY);
            for (var refused : answered(sockets)) {
                assertThat(head(refused)).startsWith("HTTP/1.1 503").contains("Retry-After: 1");
            }
            assertThat(quickRequest.send().status()).isIn(200, 201);
            assertThat(slow.get("/api/v1/datasets").status()).isEqualTo(200);
        } finally {
            closeAll(sockets);
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(slow.put("/api/v1/datasets/biopsies/files/after.csv", new byte[] {'1'})
                                .status())
                        .isIn(200, 201));
    }

    private Socket begun(String request, @org.jspecify.annotations.Nullable String key) throws IOException {
        var socket = new Socket(service.address().getHost(), service.address().getPort());
        socket.setSoTimeout(20_000);
        var head =
                request + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"
                        + (key == null ? "" : "Authorization: Bearer " + key + "\r\n") + "\r\n{\"name\": ";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String answerUntilClosed(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<Socket> answered(List<Socket> sockets) throws IOException {
        var answered = new ArrayList<Socket>();
        for (var socket : sockets) {
            if (socket.getInputStream().available() > 0) {
                answered.add(socket);
            }
        }
        return answered;
    }

    private static String head(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(400), StandardCharsets.UTF_8);
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }
}
