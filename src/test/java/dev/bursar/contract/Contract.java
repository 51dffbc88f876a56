package dev.bursar.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The published contract, {@code openapi/bursar.yaml}. */
final class Contract {

    static final Path FILE = Path.of("openapi", "bursar.yaml");
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch", "head", "options");

    private Contract() {}

    /** Its operations in the order of the file. */
    static List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        published()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(java.util.Locale.ROOT),
                                path.getKey(),
                                method.getValue()))));
        return operations;
    }

    static Operation operation(String name) {
        return operations().stream()
                .filter(operation -> operation.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The contract has no operation " + name));
    }

    static JsonNode published() {
        try {
            return JSON.valueToTree(new Yaml().<Map<String, Object>>load(Files.readString(FILE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An example's body about another lab, and with some fields changed; what is no object stays as it is. */
    static String changed(String body, String lab, Map<String, Object> changes) {
        if (!body.startsWith("{")) {
            return body;
        }
        var changed = (ObjectNode) JSON.readTree(body);
        if (changed.has("lab")) {
            changed.put("lab", lab);
        }
        changes.forEach(changed::putPOJO);
        return JSON.writeValueAsString(changed);
    }

    /** The same as JSON in the form of the file. */
    static String yaml(String json) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(120);
        options.setSplitLines(true);
        options.setProcessComments(false);
        return "# Written by OpenApiContractTests from the running service; see there how to write it anew.\n"
                + new Yaml(options).dump(JSON.readValue(json, Map.class));
    }
}
