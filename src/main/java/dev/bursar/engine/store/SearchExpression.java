// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Whether a resource fits what Search asks for. Pure. */
public final class SearchExpression {

    private SearchExpression() {}

    /** Refuses what SageMaker refuses. */
    static void check(JsonNode expression) {
        var contained = new HashSet<String>();
        for (var filter : expression.path("Filters")) {
            if (filter.path("Operator").asString("").equals("Contains")
                    && !contained.add(filter.path("Name").asString(""))) {
                throw Refusal.validation("'CONTAINS' operator usage limit of 1 exceeded.");
            }
        }
        expression.path("SubExpressions").forEach(SearchExpression::check);
    }

    static boolean matches(JsonNode expression, JsonNode resource) {
        var verdicts = new ArrayList<Boolean>();
        expression.path("Filters").forEach(filter -> verdicts.add(fits(filter, resource)));
        expression.path("NestedFilters").forEach(nested -> verdicts.add(fitsNested(nested, resource)));
        expression.path("SubExpressions").forEach(inner -> verdicts.add(matches(inner, resource)));
        return expression.path("Operator").asString("And").equals("Or")
                ? verdicts.contains(true)
                : !verdicts.contains(false);
    }

    /** A text that sorts as the property does. */
    static String sortable(JsonNode resource, String property) {
        var values = values(resource, property);
        if (values.isEmpty()) {
            return "";
        }
        return values.get(0).isNumber()
                ? sortable(values.get(0).asDouble())
                : values.get(0).asString("");
    }

    public static String sortable(double value) {
        var bits = Double.doubleToLongBits(value);
        return "%016x".formatted(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
    }

    /** One element of a list must fit all filters. */
    private static boolean fitsNested(JsonNode nested, JsonNode resource) {
        var name = nested.path("NestedPropertyName").asString("");
        for (var element : resource.path(name)) {
            var alone = SdkCodec.JSON.createObjectNode();
            alone.set(name, element);
            var all = true;
            for (var filter : nested.path("Filters")) {
                all &= fits(filter, alone);
            }
            if (all) {
                return true;
            }
        }
        return false;
    }

    private static boolean fits(JsonNode filter, JsonNode resource) {
        var values = values(resource, filter.path("Name").asString(""));
        var wanted = filter.path("Value").asString("");
        return switch (filter.path("Operator").asString("Equals")) {
            case "Exists" -> !values.isEmpty();
            case "NotExists" -> values.isEmpty();
            case "NotEquals" -> values.stream().noneMatch(value -> compare(value, wanted) == 0);
            case "Contains" ->
                values.stream().anyMatch(value -> value.asString("").contains(wanted));
            case "In" ->
                values.stream()
                        .anyMatch(value ->
                                Arrays.stream(wanted.split(",", -1)).anyMatch(one -> compare(value, one.strip()) == 0));
            case "GreaterThan" -> values.stream().anyMatch(value -> compare(value, wanted) > 0);
            case "GreaterThanOrEqualTo" -> values.stream().anyMatch(value -> compare(value, wanted) >= 0);
            case "LessThan" -> values.stream().anyMatch(value -> compare(value, wanted) < 0);
            case "LessThanOrEqualTo" -> values.stream().anyMatch(value -> compare(value, wanted) <= 0);
            default -> values.stream().anyMatch(value -> compare(value, wanted) == 0);
        };
    }

    /** Numbers as numbers, also those kept as text; times as times; all else as text. */
    private static int compare(JsonNode value, String wanted) {
        var left = number(value.asString(""));
        var right = number(wanted).or(() -> value.isNumber() ? time(wanted) : Optional.empty());
        return left.isPresent() && right.isPresent()
                ? left.get().compareTo(right.get())
                : value.asString("").compareTo(wanted);
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** {@code YYYY-MM-DDTHH:MM:SS}, in UTC unless it says otherwise, as seconds. */
    private static Optional<BigDecimal> time(String text) {
        try {
            var time = text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            return Optional.of(BigDecimal.valueOf(time.toEpochMilli(), 3));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What lies at a path, in every element of the lists on the way. */
    private static List<JsonNode> values(JsonNode node, String path) {
        if (node.isArray()) {
            var all = new ArrayList<JsonNode>();
            node.forEach(element -> all.addAll(values(element, path)));
            return all;
        }
        if (path.isEmpty()) {
            return node.isMissingNode() || node.isNull() ? List.of() : List.of(node);
        }
        if (path.startsWith("Tags.")) {
            return named(node.path("Tags"), "Key", path.substring(5));
        }
        if (path.startsWith("Metrics.")) {
            return named(node.path("FinalMetricDataList"), "MetricName", path.substring(8));
        }
        // The name of a hyperparameter may have dots of its own.
        if (node.has(path)) {
            return values(node.path(path), "");
        }
        var parts = path.split("\\.", 2);
        return parts.length == 1 ? List.of() : values(node.path(parts[0]), parts[1]);
    }

    private static List<JsonNode> named(JsonNode list, String member, String name) {
        var found = new ArrayList<JsonNode>();
        list.forEach(element -> {
            if (element.path(member).asString("").equals(name)) {
                found.add(element.path("Value"));
            }
        });
        return found;
    }
}
