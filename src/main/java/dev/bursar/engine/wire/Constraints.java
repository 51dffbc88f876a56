// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The limits of the service model (required, length, range, pattern, enumeration), which the SDK's classes do not
 * carry. They come from botocore's model, cut to our operations by {@code cut-service-model.py}.
 */
final class Constraints {

    private static final String PATTERN = "Member must satisfy regular expression pattern: ";

    private final JsonNode model;
    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    Constraints() {
        try (InputStream in = Constraints.class.getResourceAsStream("constraints.json")) {
            if (in == null) {
                throw new IllegalStateException("constraints.json is missing from the class path");
            }
            model = SdkCodec.JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Refuses a request that SageMaker's front would refuse, naming every member at fault. */
    void check(String operation, JsonNode request) {
        var input = model.path("inputs").path(operation);
        if (!input.isString()) {
            return;
        }
        var problems = new ArrayList<String>();
        structure(shape(input.stringValue()), request, "", problems);
        if (!problems.isEmpty()) {
            var count = problems.size();
            throw Refusal.validation("%d validation error%s detected: %s"
                    .formatted(count, count == 1 ? "" : "s", String.join("; ", problems)));
        }
    }

    private void structure(JsonNode shape, JsonNode value, String path, List<String> problems) {
        for (var required : shape.path("required")) {
            if (value.path(required.stringValue()).isNull() || !value.has(required.stringValue())) {
                problems.add("Value null at '%s' failed to satisfy constraint: Member must not be null"
                        .formatted(join(path, lowerFirst(required.stringValue()))));
            }
        }
        shape.path("members").properties().forEach(member -> {
            var child = value.path(member.getKey());
            if (!child.isMissingNode() && !child.isNull()) {
                member(
                        shape(member.getValue().stringValue()),
                        child,
                        join(path, lowerFirst(member.getKey())),
                        problems);
            }
        });
    }

    private void member(JsonNode shape, JsonNode value, String path, List<String> problems) {
        switch (shape.path("type").asString("")) {
            case "structure" -> structure(shape, value, path, problems);
            case "list" -> list(shape, value, path, problems);
            case "map" -> map(shape, value, path, problems);
            default ->
                violations(shape, value)
                        .forEach(violation -> problems.add("Value '%s' at '%s' failed to satisfy constraint: %s"
                                .formatted(value.asString(""), path, violation)));
        }
    }

    private void list(JsonNode shape, JsonNode value, String path, List<String> problems) {
        length(shape, value.size())
                .forEach(violation -> problems.add(
                        "Value '%s' at '%s' failed to satisfy constraint: %s".formatted(value, path, violation)));
        var member = shape(shape.path("member").stringValue());
        for (int index = 0; index < value.size(); index++) {
            member(member, value.path(index), path + "." + (index + 1) + ".member", problems);
        }
    }

    private void map(JsonNode shape, JsonNode value, String path, List<String> problems) {
        length(shape, value.size())
                .forEach(violation -> problems.add(
                        "Value '%s' at '%s' failed to satisfy constraint: %s".formatted(value, path, violation)));
        var keys = shape(shape.path("key").stringValue());
        var values = shape(shape.path("value").stringValue());
        value.properties().forEach(entry -> {
            report("Map keys", violations(keys, SdkCodec.JSON.valueToTree(entry.getKey())), value, path, problems);
            report("Map value", violations(values, entry.getValue()), value, path, problems);
        });
    }

    private static void report(
            String what, List<String> violations, JsonNode value, String path, List<String> problems) {
        if (!violations.isEmpty()) {
            problems.add("Value '%s' at '%s' failed to satisfy constraint: %s must satisfy constraint: %s"
                    .formatted(value, path, what, violations));
        }
    }

    private List<String> violations(JsonNode shape, JsonNode value) {
        return switch (shape.path("type").asString("")) {
            case "string" -> value.isString() ? text(shape, value.stringValue()) : List.of();
            case "integer", "long", "float", "double" ->
                value.isNumber() ? range(shape, value.decimalValue()) : List.of();
            default -> List.of();
        };
    }

    private List<String> text(JsonNode shape, String value) {
        var violations = new ArrayList<>(length(shape, value.length()));
        var pattern = shape.path("pattern").asString("");
        if (!pattern.isEmpty()
                && !patterns.computeIfAbsent(pattern, Pattern::compile)
                        .matcher(value)
                        .matches()) {
            violations.add(PATTERN + pattern);
        }
        var allowed = new ArrayList<String>();
        shape.path("enum").forEach(constant -> allowed.add(constant.stringValue()));
        if (!allowed.isEmpty() && !allowed.contains(value)) {
            violations.add("Member must satisfy enum value set: " + allowed);
        }
        return violations;
    }

    private static List<String> length(JsonNode shape, int length) {
        if (shape.has("min") && length < shape.path("min").asLong()) {
            return List.of("Member must have length greater than or equal to "
                    + shape.path("min").asLong());
        }
        return shape.has("max") && length > shape.path("max").asLong()
                ? List.of("Member must have length less than or equal to "
                        + shape.path("max").asLong())
                : List.of();
    }

    private static List<String> range(JsonNode shape, BigDecimal value) {
        if (shape.has("min") && value.compareTo(shape.path("min").decimalValue()) < 0) {
            return List.of("Member must have value greater than or equal to "
                    + shape.path("min").asLong());
        }
        return shape.has("max") && value.compareTo(shape.path("max").decimalValue()) > 0
                ? List.of("Member must have value less than or equal to "
                        + shape.path("max").asLong())
                : List.of();
    }

    private JsonNode shape(String name) {
        return model.path("shapes").path(name);
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String lowerFirst(String name) {
        return name.isEmpty() ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
