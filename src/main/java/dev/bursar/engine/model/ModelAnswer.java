// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.model;

import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.core.SdkBytes;

/** What a serving process has answered; the status is 0 if it has not. */
public record ModelAnswer(int status, String type, SdkBytes content) {

    public static ModelAnswer none(String why) {
        return new ModelAnswer(0, "text/plain", SdkBytes.fromUtf8String(why));
    }

    public boolean isSuccess() {
        return status / 100 == 2;
    }

    public byte[] body() {
        return content.asByteArrayUnsafe();
    }

    public String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }
}
