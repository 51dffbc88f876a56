package dev.bursar.contract;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Ways to break a request, drawn at random. */
record Damage(Random random) {

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e400",
            "1e999999999",
            "1e-999999999",
            "9223372036854775808",
            "0.1234567890123456789",
            "1" + "0".repeat(900),
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\u202e../..\"",
            "\"" + "x".repeat(5_000) + "\"",
            "[]",
            "{}",
            "[[[[[[]]]]]]",
            "[null]",
            "{\"\": null}",
            "{\"\\u0000\": 1}",
            "{\"a\": {\"b\": [1, \"c\"]}}",
            "\"-P1D\"",
            "\"PT9223372036854775807S\"",
            "\"'; drop table lab; --\"",
            "\"${jndi:ldap://x}\"",
            "\"s3://../../x\"",
            "\"9999-12-31T23:59:59Z\"");
    private static final List<String> PARAMETERS = List.of(
            "",
            " ",
            "0",
            "-1",
            "1e400",
            "99999999999999999999",
            "\u0000",
            "a\u0000b",
            "..",
            "*",
            "%",
            "'; drop table lab; --",
            "\ud83d\ude00",
            "x".repeat(3_000),
            "null",
            "[]",
            "{}",
            "06a0k9x4wsn3q7rt",
            "\u202e",
            "a b",
            "\n",
            "${x}",
            "PT1H",
            "true");
    private static final Pattern VALUE =
            Pattern.compile("(?<=: ?)(\"[^\"]*\"|-?[0-9][0-9.]*|true|false)|(?<=\")[a-zA-Z]+(?=\" ?:)");

    boolean sometimes() {
        return random.nextInt(3) > 0;
    }

    String parameter() {
        return URLEncoder.encode(any(PARAMETERS), StandardCharsets.UTF_8).replace("+", "%20");
    }

    String body(String right) {
        return switch (random.nextInt(6)) {
            case 0 -> right.substring(0, random.nextInt(right.length()));
            case 1 -> any(VALUES);
            case 2 -> scratched(right);
            default -> exchanged(right);
        };
    }

    /** Another value, or another name, at one place. */
    private String exchanged(String right) {
        var places = VALUE.matcher(right).results().toList();
        if (places.isEmpty()) {
            return scratched(right);
        }
        var place = places.get(random.nextInt(places.size()));
        return right.substring(0, place.start()) + any(VALUES) + right.substring(place.end());
    }

    private String scratched(String right) {
        var at = random.nextInt(right.length());
        return right.substring(0, at) + (char) random.nextInt(0x20, 0x7f) + right.substring(at + 1);
    }

    private String any(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }
}
