package dev.bursar.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A connection that is used again and again, for request targets that no client would send. */
final class Wire implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final URI service;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    Wire(URI service) {
        this.service = service;
    }

    record Reply(int status, Map<String, String> headers, String body) {}

    /** Sends it again over a new connection where the old one was closed meanwhile. */
    Reply send(String method, String target, @Nullable String key, Map<String, String> headers, String body)
            throws IOException {
        var used = socket != null;
        try {
            return once(method, target, key, headers, body);
        } catch (IOException e) {
            close();
            if (!used) {
                throw e;
            }
            return once(method, target, key, headers, body);
        }
    }

    private Reply once(String method, String target, @Nullable String key, Map<String, String> headers, String body)
            throws IOException {
        var content = body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + service.getAuthority() + "\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        if (key != null) {
            head.append("Authorization: Bearer ").append(key).append("\r\n");
        }
        head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
        var bytes = new ByteArrayOutputStream();
        bytes.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.write(content);
        connected().getOutputStream().write(bytes.toByteArray());
        var reply = read(method.equals("HEAD"));
        if ("close".equalsIgnoreCase(reply.headers().get("connection"))) {
            close();
        }
        return reply;
    }

    private Socket connected() throws IOException {
        var open = socket;
        if (open == null) {
            open = new Socket(service.getHost(), service.getPort());
            open.setTcpNoDelay(true);
            open.setSoTimeout(PATIENCE_MILLIS);
            socket = open;
            in = new BufferedInputStream(open.getInputStream());
        }
        return open;
    }

    private Reply read(boolean withoutBody) throws IOException {
        var status = Integer.parseInt(line().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        var headers = new TreeMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Reply(status, headers, withoutBody || status == 204 ? "" : body(headers));
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            return text(Integer.parseInt(headers.get("content-length")));
        }
        if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return "";
        }
        var all = new StringBuilder();
        for (var size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            all.append(text(size));
            line();
        }
        line();
        return all.toString();
    }

    private String text(int length) throws IOException {
        var bytes = open().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer ended after " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int one = open().read(); one != '\n'; one = open().read()) {
            if (one < 0) {
                throw new EOFException("the connection was closed");
            }
            line.append((char) one);
        }
        return line.toString().strip();
    }

    private InputStream open() throws IOException {
        if (in == null) {
            throw new IOException("there is no connection");
        }
        return in;
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
        socket = null;
    }
}
