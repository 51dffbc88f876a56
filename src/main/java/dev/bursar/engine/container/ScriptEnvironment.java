// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.container;

import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.wire.SdkCodec;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.sagemaker.model.Channel;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import tools.jackson.databind.JsonNode;

/** The {@code SM_} variables that the training toolkit gives to a user's script. */
final class ScriptEnvironment {

    private final DescribeTrainingJobResponse job;
    private final Script script;
    private final String codeUri;

    ScriptEnvironment(DescribeTrainingJobResponse job, Script script, String codeUri) {
        this.job = job;
        this.script = script;
        this.codeUri = codeUri;
    }

    Map<String, String> variables(Workspace workspace) {
        var files = new ContainerFiles(job);
        var resources = files.resourceConfig(workspace.host());
        var variables = new LinkedHashMap<String, String>();
        variables.put("SM_HOSTS", resources.path("hosts").toString());
        variables.put("SM_CURRENT_HOST", workspace.host());
        variables.put(
                "SM_CURRENT_INSTANCE_TYPE",
                resources.path("current_instance_type").asString(""));
        variables.put(
                "SM_CURRENT_INSTANCE_GROUP",
                resources.path("current_group_name").asString(""));
        variables.put("SM_CURRENT_INSTANCE_GROUP_HOSTS", resources.path("hosts").toString());
        variables.put("SM_INSTANCE_GROUPS", "[\"homogeneousCluster\"]");
        variables.put("SM_IS_HETERO", "false");
        variables.put(
                "SM_NETWORK_INTERFACE_NAME",
                resources.path("network_interface_name").asString(""));
        variables.put("SM_RESOURCE_CONFIG", resources.toString());
        variables.put("SM_INPUT_DATA_CONFIG", files.inputDataConfig().toString());
        variables.put("SM_NUM_CPUS", String.valueOf(Runtime.getRuntime().availableProcessors()));
        variables.put("SM_NUM_GPUS", "0");
        variables.put("SM_NUM_NEURONS", "0");
        variables.put("SM_LOG_LEVEL", "20");
        hyperparameters(variables);
        paths(workspace, variables);
        module(variables);
        variables.put("SM_TRAINING_ENV", trainingEnvironment(variables));
        return variables;
    }

    private void hyperparameters(Map<String, String> variables) {
        variables.put("SM_HPS", json(script.hyperparameters()).toString());
        script.hyperparameters()
                .forEach((name, value) -> variables.put("SM_HP_" + name.toUpperCase(Locale.ROOT), text(value)));
    }

    private void paths(Workspace workspace, Map<String, String> variables) {
        var channels = job.inputDataConfig().stream()
                .map(Channel::channelName)
                .sorted()
                .toList();
        variables.put("SM_CHANNELS", json(channels).toString());
        channels.forEach(channel -> variables.put(
                "SM_CHANNEL_" + channel.toUpperCase(Locale.ROOT),
                workspace.channel(channel).toString()));
        variables.put("SM_INPUT_DIR", workspace.input().toString());
        variables.put("SM_INPUT_CONFIG_DIR", workspace.input().resolve("config").toString());
        variables.put("SM_OUTPUT_DIR", workspace.output().toString());
        variables.put("SM_OUTPUT_DATA_DIR", workspace.output().resolve("data").toString());
        variables.put(
                "SM_OUTPUT_INTERMEDIATE_DIR",
                workspace.output().resolve("intermediate").toString());
        variables.put("SM_MODEL_DIR", workspace.model().toString());
    }

    private void module(Map<String, String> variables) {
        variables.put("SM_MODULE_DIR", codeUri);
        variables.put("SM_MODULE_NAME", script.program().replaceFirst("\\.py$", ""));
        variables.put("SM_USER_ENTRY_POINT", script.program());
        variables.put("SM_USER_ARGS", json(script.arguments()).toString());
        variables.put("SM_FRAMEWORK_MODULE", "");
        variables.put("SM_FRAMEWORK_PARAMS", "{}");
    }

    /** The same once more as one object, under the names without the prefix. */
    private String trainingEnvironment(Map<String, String> variables) {
        var all = new TreeMap<String, String>();
        variables.forEach((name, value) -> all.put(name.substring(3).toLowerCase(Locale.ROOT), value));
        return json(all).toString();
    }

    private static JsonNode json(Object value) {
        return SdkCodec.JSON.valueToTree(value);
    }

    private static String text(JsonNode value) {
        return value.isNull() ? "" : value.isString() ? value.stringValue() : value.toString();
    }
}
