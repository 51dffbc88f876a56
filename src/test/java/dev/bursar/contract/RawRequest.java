package dev.bursar.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A request byte by byte, for what no client would send. */
record RawRequest(URI service) {

    private static final int PATIENCE = Math.toIntExact(Duration.ofSeconds(20).toMillis());

    /** Sends these bytes and reads until the service closes; the head should ask it to. Returns the status, 0 if there is none. */
    int status(String head, byte[] body) {
        var answer = answer(head, body);
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    String answer(String head, byte[] body) {
        try (var socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(PATIENCE);
            var answer = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(lines(head));
                socket.getOutputStream().write(body);
                socket.getOutputStream().flush();
            } catch (SocketException e) {
                answer.reset();
            }
            readAll(socket, answer);
            return answer.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends less than was announced, and goes away. */
    void cutOff(String head, byte[] body) {
        try (var socket = new Socket(service.getHost(), service.getPort())) {
            socket.getOutputStream().write(lines(head));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readAll(Socket socket, ByteArrayOutputStream answer) throws IOException {
        try {
            socket.getInputStream().transferTo(answer);
        } catch (SocketException e) {
            // Whoever is refused while still sending may find the connection reset behind the answer.
            return;
        }
    }

    private static byte[] lines(String head) {
        return (head.strip().replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
