package dev.bursar.job;

import dev.bursar.web.Problem;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Hyperparameters as SageMaker takes them: strings only. */
final class Hyperparameters {

    private static final int MAX_LENGTH = 2500;

    private Hyperparameters() {}

    /** As built-in algorithms want them. */
    static Map<String, String> plain(Map<String, Object> asked) {
        return written(asked, Object::toString);
    }

    /** As scripts want them: text in JSON's quotes, as the Python SDK writes them. */
    static Map<String, String> quoted(Map<String, Object> asked) {
        return written(asked, value -> value instanceof String text ? quote(text) : value.toString());
    }

    static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /** Written out, 1e999999999 would be a gigabyte. */
    private static String plain(String field, BigDecimal number) {
        if (Math.abs((long) number.scale()) > MAX_LENGTH) {
            throw Problem.invalid(field, "has at most " + MAX_LENGTH + " digits when it is written out");
        }
        return number.toPlainString();
    }

    private static Map<String, String> written(Map<String, Object> asked, Function<Object, String> write) {
        var written = new TreeMap<String, String>();
        asked.forEach((name, value) -> {
            var field = "hyperparameters." + name;
            if (name.isBlank() || name.length() > 256 || name.chars().anyMatch(Character::isISOControl)) {
                throw Problem.invalid(field, "a name has 1 to 256 characters, none of them control characters");
            }
            if (value == null || !(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                throw Problem.invalid(field, "is a number, a string or a boolean");
            }
            if (value instanceof String string && string.indexOf('\0') >= 0) {
                throw Problem.invalid(field, "contains the character NUL");
            }
            var text = value instanceof BigDecimal decimal ? plain(field, decimal) : write.apply(value);
            if (text.length() > MAX_LENGTH) {
                throw Problem.invalid(field, "has at most " + MAX_LENGTH + " characters");
            }
            written.put(name, text);
        });
        return written;
    }
}
