// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;

/** One request as it came in, with its whole body. */
public record Call(String method, String path, String query, Map<String, List<String>> headers, SdkBytes sent) {

    static Call of(HttpExchange exchange, byte[] body) {
        var uri = exchange.getRequestURI();
        return new Call(
                exchange.getRequestMethod(),
                uri.getRawPath(),
                uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                lowerCased(exchange.getRequestHeaders()),
                SdkBytes.fromByteArrayUnsafe(body));
    }

    public byte[] body() {
        return sent.asByteArrayUnsafe();
    }

    /** The first value of a header, or the empty text. */
    public String header(String name) {
        return String.join(",", headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }

    /** {@code SageMaker.CreateTrainingJob}, or the {@code Action} of the query protocol. */
    public String target() {
        var target = header("x-amz-target");
        return target.isEmpty() ? form("Action") : target;
    }

    public boolean isJson() {
        return !header("x-amz-target").isEmpty();
    }

    /** A field of the query protocol's form. */
    public String form(String name) {
        for (var pair : new String(body(), StandardCharsets.UTF_8).split("&", -1)) {
            var parts = pair.split("=", 2);
            if (parts[0].equals(name) && parts.length == 2) {
                return URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static Map<String, List<String>> lowerCased(Headers headers) {
        var lower = new TreeMap<String, List<String>>();
        headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        return lower;
    }
}
