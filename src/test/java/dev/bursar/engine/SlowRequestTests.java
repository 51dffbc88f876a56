// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sends slowly, or half, or not at all, holds up nobody for long. */
class SlowRequestTests {

    private static final String HEAD = "POST / HTTP/1.1\r\nHost: engine\r\nContent-Length: 1000000\r\n\r\n";

    private static Lab lab;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.on(folder);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @AfterEach
    void hangUp() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }

    @Test
    void answersBesideFortyHalfRequests() throws IOException {
        send(40, HEAD + "{");

        assertTimeout(Duration.ofSeconds(8), () -> lab.sagemaker.listTrainingJobs(request -> {}));
    }

    @Test
    void answersAgainWhenEveryWorkerHasWaitedForAHalfRequest() throws IOException {
        send(150, HEAD + "{");
        send(150, "POST / HT");

        assertThatCode(() -> lab.sagemaker.listTrainingJobs(request -> {})).doesNotThrowAnyException();
        for (var socket : sockets) {
            socket.setSoTimeout(30_000);
            assertThat(isClosed(socket)).isTrue();
        }
    }

    private void send(int count, String text) throws IOException {
        for (int number = 0; number < count; number++) {
            var socket = new Socket(
                    InetAddress.getLoopbackAddress(), lab.engine.endpoint().getPort());
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            sockets.add(socket);
        }
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }
}
