// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;

/** One JSON line per API call, on file before its answer leaves. */
public final class RequestLog implements AutoCloseable {

    private final FileChannel file;
    private final Clock clock;

    public RequestLog(Path file, Clock clock) {
        try {
            this.file = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.clock = clock;
    }

    synchronized void append(String requestId, String operation, String resource, String outcome) {
        var line = SdkCodec.JSON
                .createObjectNode()
                .put("time", clock.instant().toString())
                .put("requestId", requestId)
                .put("operation", operation)
                .put("resource", resource)
                .put("outcome", outcome);
        try {
            file.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
