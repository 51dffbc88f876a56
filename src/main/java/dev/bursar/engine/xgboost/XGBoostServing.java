// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** The program of the child JVM that serves models of the built-in XGBoost, as the built-in container does. */
final class XGBoostServing {

    private final List<Booster> boosters = new ArrayList<>();
    private final boolean batch = System.getenv("SAGEMAKER_BATCH") != null;

    private record Answer(int status, String type, String body) {}

    private XGBoostServing(Path model) throws IOException, XGBoostError {
        try (var files = Files.list(model)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!String.valueOf(file.getFileName()).startsWith(".")) {
                    boosters.add(XGBoost.loadModel(Files.readAllBytes(file)));
                }
            }
        }
        if (boosters.isEmpty()) {
            throw new IOException("there is no file in the model's archive");
        }
    }

    public static void main(String[] args) throws IOException {
        var opt = Path.of(args[0]);
        try {
            new XGBoostServing(opt.resolve("model")).listen(Path.of(args[1]));
        } catch (XGBoostError | IOException | LinkageError e) {
            System.err.println("Unable to load model: " + e.getMessage());
            System.exit(1);
        }
    }

    private void listen(Path portFile) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", this::handle);
        server.start();
        var temporary = portFile.resolveSibling("port.tmp");
        Files.writeString(temporary, String.valueOf(server.getAddress().getPort()));
        Files.move(temporary, portFile, StandardCopyOption.ATOMIC_MOVE);
        System.out.println("serving " + boosters.size() + " model(s)");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var answer = answer(exchange);
            var body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        return switch (exchange.getRequestURI().getPath()) {
            case "/ping" -> new Answer(200, "text/plain", "");
            case "/execution-parameters" ->
                new Answer(
                        200,
                        "application/json",
                        "{\"MaxConcurrentTransforms\": %d, \"BatchStrategy\": \"MULTI_RECORD\", \"MaxPayloadInMB\": 6}"
                                .formatted(Runtime.getRuntime().availableProcessors()));
            case "/invocations" -> invocation(exchange);
            default -> new Answer(404, "text/plain", "Not found");
        };
    }

    private Answer invocation(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (body.isEmpty()) {
            return new Answer(204, "text/plain", "");
        }
        var accept = accept(exchange.getRequestHeaders().getFirst("Accept"));
        if (!List.of("text/csv", "application/json").contains(accept)) {
            return new Answer(406, "text/plain", "Accept type %s is not supported".formatted(accept));
        }
        try {
            var rows = predict(body, exchange.getRequestHeaders().getFirst("Content-Type"));
            return new Answer(200, batch ? "text/csv" : accept, written(rows, accept));
        } catch (FeatureRows.Undecodable e) {
            return new Answer(415, "text/plain", String.valueOf(e.getMessage()));
        } catch (XGBoostError e) {
            var message = String.valueOf(e.getMessage()).replaceFirst("(?s)\\nStack trace:.*", "");
            return new Answer(400, "text/plain", "Unable to evaluate payload provided: " + message);
        }
    }

    private static String accept(String header) {
        if (header != null && !header.isBlank() && !header.strip().equals("*/*")) {
            return header.split("[;,]", 2)[0].strip().toLowerCase(Locale.ROOT);
        }
        var preset = System.getenv("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT");
        return preset == null ? "text/csv" : preset;
    }

    private float[][] predict(String body, String contentType) throws XGBoostError {
        var type = (contentType == null ? "" : contentType)
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        DMatrix matrix =
                switch (type) {
                    case "text/csv", "csv" -> FeatureRows.csv(body);
                    case "text/libsvm", "text/x-libsvm", "libsvm" ->
                        FeatureRows.libsvm(body, (int) boosters.get(0).getNumFeature());
                    default ->
                        throw new FeatureRows.Undecodable("Content type %s is not supported.".formatted(contentType));
                };
        try {
            var mean = predict(boosters.get(0), matrix);
            for (var booster : boosters.subList(1, boosters.size())) {
                add(mean, predict(booster, matrix));
            }
            for (var row : mean) {
                for (int column = 0; column < row.length; column++) {
                    row[column] /= boosters.size();
                }
            }
            return mean;
        } finally {
            matrix.dispose();
        }
    }

    private static float[][] predict(Booster booster, DMatrix matrix) throws XGBoostError {
        synchronized (booster) {
            return booster.predict(matrix);
        }
    }

    private static void add(float[][] sum, float[][] more) {
        for (int row = 0; row < sum.length; row++) {
            for (int column = 0; column < sum[row].length; column++) {
                sum[row][column] += more[row][column];
            }
        }
    }

    private String written(float[][] rows, String accept) {
        var lines = new ArrayList<String>();
        for (var row : rows) {
            var numbers = new ArrayList<String>();
            for (var value : row) {
                numbers.add(Double.toString(value));
            }
            if (batch) {
                lines.add(row.length == 1 ? numbers.get(0) : numbers.toString());
            } else if (accept.equals("text/csv")) {
                lines.add(String.join(",", numbers));
            } else {
                lines.add("{\"score\": %s}".formatted(row.length == 1 ? numbers.get(0) : numbers));
            }
        }
        if (batch) {
            return String.join("\n", lines) + "\n";
        }
        return accept.equals("text/csv")
                ? String.join("\n", lines)
                : "{\"predictions\": [%s]}".formatted(String.join(", ", lines));
    }
}
