// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.container;

import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.wire.SdkCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sagemaker.model.Channel;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import tools.jackson.databind.node.ObjectNode;

/** The files a container finds in {@code /opt/ml/input/config}. */
public final class ContainerFiles {

    private static final String GROUP = "homogeneousCluster";

    private final DescribeTrainingJobResponse job;

    public ContainerFiles(DescribeTrainingJobResponse job) {
        this.job = job;
    }

    public void write(Workspace workspace) throws IOException {
        var config = workspace.input().resolve("config");
        Files.writeString(
                config.resolve("hyperparameters.json"),
                SdkCodec.JSON.valueToTree(job.hyperParameters()).toString());
        Files.writeString(
                config.resolve("inputdataconfig.json"), inputDataConfig().toString());
        Files.writeString(
                config.resolve("resourceconfig.json"),
                resourceConfig(workspace.host()).toString());
    }

    ObjectNode inputDataConfig() {
        var channels = SdkCodec.JSON.createObjectNode();
        for (var channel : job.inputDataConfig()) {
            var json = channels.putObject(channel.channelName());
            Optional.ofNullable(channel.contentType()).ifPresent(type -> json.put("ContentType", type));
            json.put("TrainingInputMode", inputMode(channel));
            Optional.ofNullable(channel.dataSource().s3DataSource().s3DataDistributionTypeAsString())
                    .ifPresent(type -> json.put("S3DistributionType", type));
            json.put("RecordWrapperType", channel.recordWrapperTypeAsString());
        }
        return channels;
    }

    ObjectNode resourceConfig(String host) {
        var type = job.resourceConfig().instanceTypeAsString();
        var json = SdkCodec.JSON
                .createObjectNode()
                .put("current_host", host)
                .put("current_instance_type", type)
                .put("current_group_name", GROUP);
        hosts().forEach(json.putArray("hosts")::add);
        var group = json.putArray("instance_groups")
                .addObject()
                .put("instance_group_name", GROUP)
                .put("instance_type", type);
        hosts().forEach(group.putArray("hosts")::add);
        return json.put("network_interface_name", "lo");
    }

    /** In the order of the text, so {@code algo-10} comes before {@code algo-2}. */
    List<String> hosts() {
        return hostsInOrder(job).stream().sorted().toList();
    }

    /** By number. */
    public static List<String> hostsInOrder(DescribeTrainingJobResponse job) {
        var count = Optional.ofNullable(job.resourceConfig().instanceCount()).orElse(1);
        return new ArrayList<>(IntStream.rangeClosed(1, count)
                .mapToObj(number -> "algo-" + number)
                .toList());
    }

    private String inputMode(Channel channel) {
        return Optional.ofNullable(channel.inputModeAsString())
                .orElse(job.algorithmSpecification().trainingInputModeAsString());
    }
}
