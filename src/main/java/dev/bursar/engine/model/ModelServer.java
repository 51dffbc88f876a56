// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.model;

import dev.bursar.engine.machine.Child;
import dev.bursar.engine.machine.Leavings;
import dev.bursar.engine.machine.LogStream;
import dev.bursar.engine.machine.Pause;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.run.RunParts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sagemaker.model.ContainerDefinition;

/**
 * A process that serves a model: {@code /ping} and {@code /invocations} on the port it has written to a file of its
 * workspace. Like every child it outlives a killed engine, and the next one finds it by its files.
 */
public final class ModelServer {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private static final int PORT_FILE = 16;
    private static final Duration PING = Duration.ofSeconds(2);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Workspace workspace;
    private final Child child;

    private ModelServer(Workspace workspace, Child child) {
        this.workspace = workspace;
        this.child = child;
    }

    /** Fetches the model and starts the process; fails if it cannot run. */
    public static ModelServer start(
            String owner, Path root, ContainerDefinition container, Map<String, String> more, RunParts parts)
            throws IOException {
        var workspace = new Workspace(root.toAbsolutePath());
        workspace.create();
        var data = ModelFiles.of(container);
        if (data.isPresent()) {
            data.get().fetch(parts.store(), workspace);
        }
        var program = parts.programs().serving(container, workspace);
        program.prepare(workspace);
        var environment = new HashMap<>(more);
        container.environment().forEach((name, value) -> environment.put(name, workspace.rewritten(value)));
        return new ModelServer(workspace, parts.child(owner, workspace, program, environment));
    }

    /** The process that may still run in a workspace. */
    public static ModelServer adopt(Path root) {
        var workspace = new Workspace(root.toAbsolutePath());
        return new ModelServer(workspace, new Child(workspace));
    }

    public boolean isReady() {
        return port().isPresent()
                && exchange("GET", "/ping", new byte[0], Map.of(), PING).status() == 200;
    }

    public OptionalInt exitCode() {
        return child.exitCode();
    }

    /** Notes how far the log has grown. */
    public void mark(Instant now) {
        new LogStream(workspace).mark(now);
    }

    public ModelAnswer invoke(byte[] body, Map<String, String> headers, Duration patience) {
        return exchange("POST", "/invocations", body, headers, patience);
    }

    /** What the process says of how it wants to be used in a batch, or nothing. */
    public ModelAnswer executionParameters() {
        return exchange("GET", "/execution-parameters", new byte[0], Map.of(), PING);
    }

    /** Asks the process to end and, soon after, makes it. */
    public void stop() {
        var until = Instant.now().plus(GRACE);
        var asked = child.terminate();
        while (child.exitCode().isEmpty() && Instant.now().isBefore(until)) {
            asked = asked || child.terminate();
            Pause.brief();
        }
        if (child.exitCode().isEmpty()) {
            child.kill();
        }
    }

    private ModelAnswer exchange(
            String method, String path, byte[] body, Map<String, String> headers, Duration patience) {
        var port = port();
        if (port.isEmpty()) {
            return ModelAnswer.none("The process that serves the model is not there.");
        }
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.getAsInt() + path))
                .timeout(patience)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            var response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new ModelAnswer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    SdkBytes.fromByteArrayUnsafe(response.body()));
        } catch (HttpTimeoutException e) {
            return ModelAnswer.none("Your invocation timed out while waiting for a response from container primary.");
        } catch (ConnectException e) {
            return ModelAnswer.none("The process that serves the model does not answer.");
        } catch (IOException e) {
            return ModelAnswer.none("The process that serves the model broke off.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ModelAnswer.none("The engine is closing.");
        }
    }

    private OptionalInt port() {
        try {
            return Leavings.ofLiving(workspace, PORT_FILE).text(workspace.run().resolve("port"), PORT_FILE).stream()
                    .mapToInt(text -> Integer.parseInt(text.strip()))
                    .findFirst();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
