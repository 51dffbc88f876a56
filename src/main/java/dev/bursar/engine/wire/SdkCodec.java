// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes the SDK's own model classes as AWS JSON 1.1. The classes describe their members themselves, so that
 * no request or response has to be written a second time.
 */
public final class SdkCodec {

    public static final JsonMapper JSON = JsonMapper.builder().build();

    private SdkCodec() {}

    /** Fills a builder with the members found; unknown members are ignored, as SageMaker does. */
    public static <B extends SdkPojo> B decode(JsonNode json, B builder) {
        for (SdkField<?> field : builder.sdkFields()) {
            var value = json.get(field.locationName());
            if (value != null && !value.isNull()) {
                field.set(builder, value(value, field));
            }
        }
        return builder;
    }

    public static ObjectNode encode(SdkPojo pojo) {
        return encode(pojo, member -> true);
    }

    /** Shows those members of a resource that its summary has, too. */
    public static <D extends SdkPojo> Function<D, ObjectNode> summary(SdkPojo shape) {
        var members = shape.sdkFields().stream().map(SdkField::locationName).collect(Collectors.toSet());
        return resource -> encode(resource, members::contains);
    }

    /** The known members of a request, each of the type it must have. */
    public static ObjectNode checked(JsonNode json, SdkPojo builder) {
        var built = decode(json, builder);
        return encode(built instanceof Buildable buildable ? (SdkPojo) buildable.build() : built);
    }

    /** Copies the members that both shapes have. */
    public static <B extends SdkPojo> B copy(SdkPojo from, B to) {
        return decode(encode(from), to);
    }

    private static ObjectNode encode(SdkPojo pojo, Predicate<String> isShown) {
        var json = JSON.createObjectNode();
        for (SdkField<?> field : pojo.sdkFields()) {
            if (isShown.test(field.locationName())) {
                var value = field.getValueOrDefault(pojo);
                if (value != null && !isAbsent(value)) {
                    json.set(field.locationName(), json(value));
                }
            }
        }
        return json;
    }

    /** The SDK marks a list or map that was never set by a type of its own. */
    private static boolean isAbsent(Object value) {
        return value instanceof software.amazon.awssdk.core.util.SdkAutoConstructList
                || value instanceof software.amazon.awssdk.core.util.SdkAutoConstructMap;
    }

    private static @Nullable Object value(JsonNode json, SdkField<?> field) {
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> text(json, field);
            case INTEGER -> number(json, field).intValue();
            case LONG -> number(json, field).longValue();
            case FLOAT -> number(json, field).floatValue();
            case DOUBLE -> number(json, field).doubleValue();
            case BOOLEAN -> bool(json, field);
            case INSTANT ->
                Instant.ofEpochMilli(number(json, field).movePointRight(3).longValue());
            case LIST -> list(json, field);
            case MAP -> map(json, field);
            case SDK_POJO -> pojo(json, field);
            default -> throw unreadable(json, field);
        };
    }

    private static String text(JsonNode json, SdkField<?> field) {
        if (!json.isString()) {
            throw unreadable(json, field);
        }
        return json.stringValue();
    }

    private static BigDecimal number(JsonNode json, SdkField<?> field) {
        if (!json.isNumber()) {
            throw unreadable(json, field);
        }
        return json.decimalValue();
    }

    private static boolean bool(JsonNode json, SdkField<?> field) {
        if (!json.isBoolean()) {
            throw unreadable(json, field);
        }
        return json.booleanValue();
    }

    private static List<@Nullable Object> list(JsonNode json, SdkField<?> field) {
        if (!json.isArray()) {
            throw unreadable(json, field);
        }
        SdkField<?> member = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
        var list = new ArrayList<@Nullable Object>();
        json.forEach(element -> list.add(element.isNull() ? null : value(element, member)));
        return list;
    }

    private static Map<String, @Nullable Object> map(JsonNode json, SdkField<?> field) {
        if (!json.isObject()) {
            throw unreadable(json, field);
        }
        SdkField<?> member = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
        var map = new LinkedHashMap<String, @Nullable Object>();
        json.properties()
                .forEach(entry ->
                        map.put(entry.getKey(), entry.getValue().isNull() ? null : value(entry.getValue(), member)));
        return map;
    }

    private static Object pojo(JsonNode json, SdkField<?> field) {
        if (!json.isObject()) {
            throw unreadable(json, field);
        }
        var built = decode(json, field.constructor().get());
        return built instanceof Buildable buildable ? buildable.build() : built;
    }

    private static JsonNode json(Object value) {
        if (value instanceof SdkPojo pojo) {
            return encode(pojo);
        }
        if (value instanceof Instant instant) {
            return JSON.getNodeFactory().numberNode(BigDecimal.valueOf(instant.toEpochMilli(), 3));
        }
        if (value instanceof String text) {
            return JSON.getNodeFactory().stringNode(text);
        }
        if (value instanceof List<?> list) {
            var array = JSON.createArrayNode();
            list.forEach(element -> array.add(json(element)));
            return array;
        }
        if (value instanceof Map<?, ?> map) {
            var object = JSON.createObjectNode();
            map.forEach((key, element) -> object.set(String.valueOf(key), json(element)));
            return object;
        }
        return JSON.valueToTree(value);
    }

    private static Refusal unreadable(JsonNode json, SdkField<?> field) {
        return new Refusal(new WireError(
                400,
                "SerializationException",
                "The member %s cannot be read from %s: expected %s"
                        .formatted(
                                field.locationName(),
                                json.getNodeType(),
                                field.marshallingType().getKnownType())));
    }
}
