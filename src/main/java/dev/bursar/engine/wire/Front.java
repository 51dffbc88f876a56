// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port for everything but S3: socket → protocol → signature → answer or error. */
public final class Front implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Front.class);
    private static final int BODY_LIMIT = 10 * 1024 * 1024;
    /** A worker reads its request itself, so that as many slow senders as these, for as long as they may, hold up others. */
    private static final int WORKERS = 128;

    /**
     * Of the JDK's server, read when its first one is made. Without nodelay every answer waits for the client's delayed
     * acknowledgement; a request that has not come within these seconds, and an answer that nobody takes, end.
     */
    private static final Map<String, String> SERVER =
            Map.of("nodelay", "true", "maxReqTime", "10", "maxRspTime", "120", "timerMillis", "1000");

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final List<Protocol> protocols;
    private final Signature signature;
    private final RequestLog requests;
    private final Clock realTime = Clock.systemUTC();
    private final HttpServer server;
    private final ExecutorService workers;

    public Front(int port, List<Protocol> protocols, Signature signature, RequestLog requests) {
        this.protocols = List.copyOf(protocols);
        this.signature = signature;
        this.requests = requests;
        for (var setting : SERVER.entrySet()) {
            System.setProperty("sun.net.httpserver." + setting.getKey(), setting.getValue());
        }
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port, e);
        }
        workers = Executors.newFixedThreadPool(WORKERS, task -> {
            var thread = new Thread(task, "engine-front");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(workers);
        server.createContext("/", this::handle);
    }

    public void start() {
        server.start();
    }

    public int port() {
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
            var protocol = protocols.stream()
                    .filter(one -> one.takes(call))
                    .findFirst()
                    .orElseThrow();
            var reply = answer(protocol, call, requestId);
            var resource = call.body().length > BODY_LIMIT ? "" : protocol.resource(call);
            requests.append(requestId, protocol.operation(call), resource, reply.outcome());
            if (!reply.equals(Reply.NONE)) {
                send(exchange, requestId, reply);
            }
        }
    }

    private static void send(HttpExchange exchange, String requestId, Reply reply) throws IOException {
        var content = reply.body();
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", reply.type());
        headers.set("x-amzn-RequestId", requestId);
        headers.set("Date", HTTP_DATE.format(Clock.systemUTC().instant()));
        reply.headers().forEach(headers::set);
        exchange.sendResponseHeaders(reply.status(), content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private Reply answer(Protocol protocol, Call call, String requestId) {
        try {
            if (call.body().length > BODY_LIMIT) {
                throw new Refusal(new WireError(
                        413,
                        "RequestEntityTooLargeException",
                        "The request is longer than %d bytes.".formatted(BODY_LIMIT)));
            }
            if (!protocol.isOpen()) {
                signature.check(call, protocol.service(call), realTime.instant());
            }
            return protocol.answer(call, requestId);
        } catch (Refusal refusal) {
            return protocol.error(refusal.error(), requestId);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            log.error("call={} requestId={} answered with InternalFailure", protocol.operation(call), requestId, e);
            return protocol.error(
                    new WireError(
                            500,
                            "InternalFailure",
                            "We encountered an internal error. The engine's log says more at the request id "
                                    + requestId + "."),
                    requestId);
        }
    }
}
