package dev.bursar.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The port for SageMaker, CloudWatch Logs and STS: socket → signature → target → operation → JSON or error. */
final class Front implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Front.class);
    private static final int BODY_LIMIT = 10 * 1024 * 1024;
    private static final String JSON_TYPE = "application/x-amz-json-1.1";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final Operations operations;
    private final Signature signature;
    private final CallerIdentity identity;
    private final RequestLog requests;
    private final Clock realTime = Clock.systemUTC();
    private final HttpServer server;
    private final ExecutorService workers;

    /** What goes back; the outcome is for the request log. */
    private record Answer(int status, String type, String body, String outcome) {}

    Front(int port, Operations operations, Signature signature, CallerIdentity identity, RequestLog requests) {
        this.operations = operations;
        this.signature = signature;
        this.identity = identity;
        this.requests = requests;
        // Without it, every answer waits for the client's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port, e);
        }
        workers = Executors.newFixedThreadPool(16, task -> {
            var thread = new Thread(task, "engine-front");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(workers);
        server.createContext("/", this::handle);
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var requestId = UUID.randomUUID().toString();
            var body = exchange.getRequestBody().readNBytes(BODY_LIMIT + 1);
            var call = Call.of(exchange, body);
            var answer = answer(call, requestId);
            requests.append(requestId, call.target(), resource(call), answer.outcome());
            send(exchange, requestId, answer);
        }
    }

    private static void send(HttpExchange exchange, String requestId, Answer answer) throws IOException {
        var content = answer.body().getBytes(StandardCharsets.UTF_8);
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type());
        headers.set("x-amzn-RequestId", requestId);
        headers.set("Date", HTTP_DATE.format(Clock.systemUTC().instant()));
        exchange.sendResponseHeaders(answer.status(), content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private Answer answer(Call call, String requestId) {
        try {
            if (call.body().length > BODY_LIMIT) {
                throw new Refusal(new WireError(
                        413,
                        "RequestEntityTooLargeException",
                        "The request is longer than %d bytes.".formatted(BODY_LIMIT)));
            }
            signature.check(call, service(call), realTime.instant());
            return call.isJson()
                    ? new Answer(
                            200,
                            JSON_TYPE,
                            operations.answer(call.target(), json(call)).toString(),
                            "OK")
                    : new Answer(200, "text/xml", identity.answer(call, requestId), "OK");
        } catch (Refusal refusal) {
            return error(call, requestId, refusal.error());
        } catch (RuntimeException e) {
            log.error("call={} requestId={} answered with InternalFailure", call.target(), requestId, e);
            return error(call, requestId, new WireError(500, "InternalFailure", "The engine failed: " + e));
        }
    }

    private Answer error(Call call, String requestId, WireError error) {
        if (!call.isJson() && !call.target().isEmpty()) {
            return new Answer(error.status(), "text/xml", identity.error(error, requestId), error.code());
        }
        var body = SdkCodec.JSON.createObjectNode().put("__type", error.code()).put("message", error.message());
        return new Answer(error.status(), JSON_TYPE, body.toString(), error.code());
    }

    /** The name a request must be signed for. */
    private static String service(Call call) {
        if (!call.isJson() && !call.target().isEmpty()) {
            return "sts";
        }
        return call.target().startsWith("Logs_") ? "logs" : "sagemaker";
    }

    private static JsonNode json(Call call) {
        try {
            var json = SdkCodec.JSON.readTree(call.body().length == 0 ? new byte[] {'{', '}'} : call.body());
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            log.debug("unreadable body", e);
        }
        throw new Refusal(new WireError(400, "SerializationException", "The body is not a JSON object."));
    }

    /** What the call is about, as far as one can tell without understanding it. */
    private static String resource(Call call) {
        try {
            var json =
                    call.isJson() && call.body().length <= BODY_LIMIT ? json(call) : SdkCodec.JSON.createObjectNode();
            for (var member : new String[] {"TrainingJobName", "ResourceArn", "logStreamName", "logStreamNamePrefix"}) {
                if (json.path(member).isString()) {
                    return json.path(member).stringValue();
                }
            }
        } catch (Refusal unreadable) {
            log.debug("no resource in {}", call.target().toLowerCase(Locale.ROOT));
        }
        return "";
    }
}
