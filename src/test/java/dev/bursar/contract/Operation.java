package dev.bursar.contract;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An operation of the published contract. */
record Operation(String method, String path, JsonNode spec) {

    /**
     * Something that the contract proposes to send.
     *
     * @param name empty where the operation takes no body
     * @param contentType of the body
     */
    record Example(String name, String contentType, String body) {

        Map<String, String> headers() {
            return contentType.isEmpty() ? Map.of() : Map.of("Content-Type", contentType);
        }
    }

    String id() {
        return spec.path("operationId").asString();
    }

    String tag() {
        return spec.path("tags").path(0).asString("");
    }

    boolean takesBody() {
        return spec.has("requestBody");
    }

    List<JsonNode> parameters(String in) {
        return spec.path("parameters")
                .valueStream()
                .filter(parameter -> in.equals(parameter.path("in").asString()))
                .toList();
    }

    boolean hasParameter(String in, String name) {
        return parameters(in).stream().anyMatch(parameter -> name.equals(nameOf(parameter)));
    }

    List<String> documentedSuccesses() {
        return spec.path("responses").properties().stream()
                .map(Map.Entry::getKey)
                .filter(status -> status.startsWith("2"))
                .toList();
    }

    /** One example without a body where the operation takes none. */
    List<Example> examples() {
        if (!takesBody()) {
            return List.of(new Example("", "", ""));
        }
        var examples = new ArrayList<Example>();
        spec.path("requestBody")
                .path("content")
                .properties()
                .forEach(content -> content.getValue()
                        .path("examples")
                        .properties()
                        .forEach(example -> examples.add(new Example(
                                example.getKey(),
                                content.getKey(),
                                text(example.getValue().path("value"))))));
        return examples;
    }

    /** The path with its parameters filled in. */
    String filled(Function<String, String> values) {
        var filled = path;
        for (var parameter : parameters("path")) {
            filled = filled.replace("{" + nameOf(parameter) + "}", values.apply(nameOf(parameter)));
        }
        return filled;
    }

    /** The example of a parameter; where it has several, the one that goes with an example of the body. */
    @Nullable String exampleOf(String in, String name, String bodyExample) {
        return parameters(in).stream()
                .filter(parameter -> name.equals(nameOf(parameter)))
                .map(parameter -> parameter.has("examples")
                        ? among(parameter.path("examples"), bodyExample)
                        : parameter.path("example"))
                .filter(example -> !example.isMissingNode())
                .map(Operation::text)
                .findFirst()
                .orElse(null);
    }

    String query() {
        return parameters("query").stream()
                .filter(parameter -> parameter.has("example"))
                .map(parameter -> nameOf(parameter) + "="
                        + URLEncoder.encode(text(parameter.path("example")), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static String nameOf(JsonNode parameter) {
        return parameter.path("name").asString();
    }

    private static JsonNode among(JsonNode examples, String name) {
        return examples.path(name).path("value");
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
