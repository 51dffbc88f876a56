// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import dev.bursar.engine.wire.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;

/** What a resource is sorted by in a list: the text of the member asked for, then its name. */
record SortKey(String value, String name) {

    static final Comparator<SortKey> ORDER =
            Comparator.comparing(SortKey::value).thenComparing(SortKey::name);

    /** Texts that sort as the times do. */
    static String text(Instant time) {
        var digits = Long.toString(time.toEpochMilli());
        return "0".repeat(Math.max(0, 16 - digits.length())) + digits;
    }

    static SortKey fromToken(String token) {
        try {
            var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            var parts = text.split("\n", 2);
            if (parts.length == 2) {
                return new SortKey(parts[0], parts[1]);
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.validation("Invalid NextToken");
        }
        throw Refusal.validation("Invalid NextToken.");
    }

    String toToken() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((value + "\n" + name).getBytes(StandardCharsets.UTF_8));
    }
}
