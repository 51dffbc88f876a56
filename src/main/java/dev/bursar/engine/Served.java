package dev.bursar.engine;

import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.core.SdkBytes;

/** What a serving process has answered; the status is 0 if it has not. */
record Served(int status, String type, SdkBytes content) {

    static Served none(String why) {
        return new Served(0, "text/plain", SdkBytes.fromUtf8String(why));
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }

    byte[] body() {
        return content.asByteArrayUnsafe();
    }

    String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }
}
