// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.processing;

import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.wire.SdkCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import tools.jackson.databind.node.ObjectNode;

/** The files a processing container finds in {@code /opt/ml/config}. */
record ProcessingFiles(DescribeProcessingJobResponse job) {

    void write(Workspace workspace) throws IOException {
        var config = Files.createDirectories(workspace.opt().resolve("config"));
        Files.writeString(
                config.resolve("processingjobconfig.json"), jobConfig().toString());
        Files.writeString(
                config.resolve("resourceconfig.json"),
                resourceConfig(workspace.host()).toString());
    }

    private ObjectNode jobConfig() {
        var all = SdkCodec.encode(job);
        var config = SdkCodec.JSON.createObjectNode();
        for (var member : new String[] {
            "ProcessingJobArn",
            "ProcessingJobName",
            "AppSpecification",
            "Environment",
            "ProcessingInputs",
            "ProcessingOutputConfig",
            "ProcessingResources",
            "RoleArn",
            "StoppingCondition",
            "NetworkConfig",
            "ExperimentConfig"
        }) {
            config.set(member, all.path(member).isMissingNode() ? SdkCodec.JSON.nullNode() : all.path(member));
        }
        config.path("ProcessingInputs").forEach(input -> {
            if (input.path("S3Input") instanceof ObjectNode source) {
                source.put("S3DownloadMode", "StartOfJob");
            }
        });
        return config;
    }

    private ObjectNode resourceConfig(String host) {
        var config = SdkCodec.JSON.createObjectNode().put("current_host", host);
        var hosts = config.putArray("hosts");
        IntStream.rangeClosed(1, job.processingResources().clusterConfig().instanceCount())
                .mapToObj(number -> "algo-" + number)
                .sorted()
                .forEach(hosts::add);
        return config;
    }
}
