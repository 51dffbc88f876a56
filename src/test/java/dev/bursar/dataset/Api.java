package dev.bursar.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The service's interface as a client sees it, bare enough to misbehave. */
record Api(int port, String key) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    HttpResponse<String> get(String path) {
        return send(request(path).GET().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> delete(String path) {
        return send(request(path).DELETE().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String json) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> put(String path, BodyPublisher body, @Nullable String type) {
        var request = request(path).PUT(body);
        if (type != null) {
            request.header("Content-Type", type);
        }
        return send(request.build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .header("Authorization", "Bearer " + key);
    }

    <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
        try {
            return HTTP.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The head of an upload, as it goes over the wire. */
    private String head(String path, String length) {
        return "PUT /api/v1" + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n" + length
                + "\r\n\r\n";
    }

    /** Sends only the head of an upload, and reads how the answer starts. */
    String firstOfAnswer(String path, String length) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(head(path, length).getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an upload, and hangs up in the middle of it. */
    void cutOff(String path, String length) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var body = socket.getOutputStream();
            body.write(head(path, length).getBytes(StandardCharsets.UTF_8));
            body.write("3e0\r\n".getBytes(StandardCharsets.UTF_8));
            body.write(new byte[500]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
