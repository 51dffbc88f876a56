package dev.bursar.engine;

import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;

/** What goes back; the outcome is for the request log. */
record Reply(int status, String type, SdkBytes content, Map<String, String> headers, String outcome) {

    /** The connection closes without an answer. */
    static final Reply NONE = of(0, "", "", "Reset");

    static Reply of(int status, String type, String body, String outcome) {
        return new Reply(status, type, SdkBytes.fromUtf8String(body), Map.of(), outcome);
    }

    byte[] body() {
        return content.asByteArrayUnsafe();
    }
}
