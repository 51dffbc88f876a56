// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.container;

import dev.bursar.engine.wire.SdkCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The hyperparameters of script mode: those for the toolkit, and the user's, decoded as the toolkit decodes them. */
public record Script(String program, String submitDirectory, TreeMap<String, JsonNode> hyperparameters) {

    public static boolean isOne(Map<String, String> hyperparameters) {
        return hyperparameters.containsKey("sagemaker_program")
                && hyperparameters.containsKey("sagemaker_submit_directory");
    }

    static Script of(Map<String, String> hyperparameters) {
        var users = new TreeMap<String, JsonNode>();
        hyperparameters.forEach((name, value) -> {
            if (!name.startsWith("sagemaker_") && !name.equals("_tuning_objective_metric")) {
                users.put(name, decoded(value));
            }
        });
        return new Script(
                decoded(hyperparameters.getOrDefault("sagemaker_program", "")).asString(""),
                decoded(hyperparameters.getOrDefault("sagemaker_submit_directory", ""))
                        .asString(""),
                users);
    }

    /** {@code --name value} in the order of the names; a name of one letter gets one dash. */
    List<String> arguments() {
        var arguments = new ArrayList<String>();
        hyperparameters.forEach((name, value) -> {
            arguments.add((name.length() == 1 ? "-" : "--") + name);
            arguments.add(argument(value));
        });
        return arguments;
    }

    boolean isShell() {
        return program.endsWith(".sh");
    }

    /** Framework SDKs encode each value as JSON; whoever does not, means the text. */
    private static JsonNode decoded(String value) {
        try {
            var json = SdkCodec.JSON.readTree(value);
            return json.isMissingNode() ? SdkCodec.JSON.valueToTree(value) : json;
        } catch (JacksonException e) {
            return SdkCodec.JSON.valueToTree(value);
        }
    }

    private static String argument(JsonNode value) {
        if (value.isBoolean()) {
            var text = value.toString();
            return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        }
        if (value.isObject()) {
            return value.properties().stream()
                    .map(entry -> entry.getKey() + "=" + argument(entry.getValue()))
                    .collect(Collectors.joining(","));
        }
        return value.isNull() ? "None" : value.isString() ? value.stringValue() : value.toString();
    }
}
