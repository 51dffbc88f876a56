// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;

/** What goes back; the outcome is for the request log. */
public record Reply(int status, String type, SdkBytes content, Map<String, String> headers, String outcome) {

    /** The connection closes without an answer. */
    public static final Reply NONE = of(0, "", "", "Reset");

    public static Reply of(int status, String type, String body, String outcome) {
        return new Reply(status, type, SdkBytes.fromUtf8String(body), Map.of(), outcome);
    }

    byte[] body() {
        return content.asByteArrayUnsafe();
    }
}
