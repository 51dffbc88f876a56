package dev.bursar.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of 127.0.0.1. What is free now may be taken a moment later: whoever asks must be ready to ask again. */
final class LoopbackPort {

    private LoopbackPort() {}

    static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** The port noted there if it is free, so that what people wrote down stays right; else any free one. */
    static int likeLastTime(PrivateFolder folder, String note) {
        return folder.read(note)
                .map(Integer::parseInt)
                .filter(LoopbackPort::isFree)
                .orElseGet(LoopbackPort::anyFree);
    }

    static int anyFree() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No port is free", e);
        }
    }
}
