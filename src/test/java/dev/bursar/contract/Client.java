package dev.bursar.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Somebody who calls the service with a key, or without. Answers of any status come back as they are. */
record Client(URI service, @Nullable String key) {

    static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Client with(@Nullable String otherKey) {
        return new Client(service, otherKey);
    }

    Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody(), Map.of());
    }

    Answer post(String path, String json) {
        return send("POST", path, json, JSON);
    }

    Answer post(String path, String json, String idempotencyKey) {
        return send("POST", path, json, Map.of("Content-Type", "application/json", "Idempotency-Key", idempotencyKey));
    }

    Answer put(String path, byte[] content) {
        return send("PUT", path, BodyPublishers.ofByteArray(content), Map.of("Content-Type", "text/csv"));
    }

    Answer put(String path, String content) {
        return put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody(), Map.of());
    }

    Answer send(String method, String path, String body, Map<String, String> headers) {
        return send(method, path, BodyPublishers.ofString(body), headers);
    }

    Answer send(String method, String path, HttpRequest.BodyPublisher body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(service + path))
                .method(method, body)
                .timeout(Duration.ofMinutes(2));
        headers.forEach(request::setHeader);
        if (key != null && !headers.containsKey("Authorization")) {
            request.setHeader("Authorization", "Bearer " + key);
        }
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
