package dev.bursar.embedded;

import dev.bursar.Bursar;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A whole service in a process of its own, which may be killed and started again. */
final class Replica {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Path folder;
    private final List<String> settings;
    private final int port = LoopbackPort.anyFree();
    private @Nullable Process process;

    Replica(Path folder, List<String> settings) {
        this.folder = folder;
        this.settings = settings;
    }

    void start() throws IOException {
        Files.createDirectories(folder);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Bursar.class.getName(),
                "--server.port=" + port,
                "--bursar.home=" + folder.resolve("home")));
        command.addAll(settings);
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("service.log").toFile()))
                .start();
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    boolean isHealthy() throws IOException, InterruptedException {
        if (!Objects.requireNonNull(process).isAlive()) {
            var log = Files.readString(folder.resolve("service.log"));
            throw new IllegalStateException(
                    "The service has ended by itself: " + log.substring(Math.max(0, log.length() - 3000)));
        }
        try {
            return send("GET", "/actuator/health", "", "", "health").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    String adminKey() throws IOException {
        return Files.readString(folder.resolve("home/admin.key")).strip();
    }

    /** The answer, or an exception where there is none: then nobody knows whether it was done. */
    HttpResponse<String> send(String method, String path, String body, String key, String idempotencyKey)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .header("Content-Type", path.contains("/files/") ? "text/plain" : "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
