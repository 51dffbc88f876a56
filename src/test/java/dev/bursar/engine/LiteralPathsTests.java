// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ProcessingInput;
import software.amazon.awssdk.services.sagemaker.model.ProcessingOutput;

/**
 * Scripts that write {@code /opt/ml} out, as most do. Where this machine confines nothing there is no such folder, and
 * the engine says so.
 */
class LiteralPathsTests {

    private static final String RUNPROC = """
            #!/bin/bash
            cd /opt/ml/processing/input/code/
            tar -xzf sourcedir.tar.gz
            set -e
            python3 prepare.py "$@"
            """;

    private static Lab lab;

    @BeforeAll
    static void open(@TempDir Path folder) {
        lab = Lab.on(folder);
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    @Test
    void trains() {
        lab.put("data/train.csv", "1,2\n");
        var code = """
                import os
                assert os.listdir("/opt/ml/input/data/train") == ["train.csv"]
                open("/opt/ml/model/m", "w").write("x")
                open("/opt/ml/output/data/o", "w").write("y")
                """;
        lab.script(
                "literal",
                "train.py",
                code,
                request -> request.inputDataConfig(Lab.channel("train", "data/train.csv")));
        var job = lab.ended("literal");

        if (confined()) {
            assertThat(job.failureReason()).isNull();
            assertThat(lab.unpacked("out/literal/output/model.tar.gz")).isEqualTo(Map.of("m", "x"));
            assertThat(lab.unpacked("out/literal/output/output.tar.gz")).isEqualTo(Map.of("o", "y"));
        } else {
            assertThat(job.failureReason()).contains("/opt/ml/input/data/train");
        }
    }

    @Test
    void processesWithTheScriptOfFrameworkProcessor() {
        lab.archive("code/sourcedir.tar.gz", Map.of("prepare.py", """
                import sys
                open("/opt/ml/processing/" + sys.argv[1] + "/x", "w").write("y")
                """));
        lab.s3.putObject(request -> request.bucket("lab").key("entry/runproc.sh"), RequestBody.fromString(RUNPROC));
        lab.sagemaker.createProcessingJob(request -> request.processingJobName("runproc")
                .roleArn("arn:aws:iam::123456789012:role/lab")
                .appSpecification(app -> app.imageUri("mine:1")
                        .containerEntrypoint("/bin/bash", "/opt/ml/processing/input/entrypoint/runproc.sh")
                        .containerArguments("out"))
                .processingInputs(
                        input("code", "code/sourcedir.tar.gz", "code"),
                        input("entrypoint", "entry/runproc.sh", "entrypoint"))
                .processingOutputConfig(outputs -> outputs.outputs(ProcessingOutput.builder()
                        .outputName("out")
                        .s3Output(out -> out.s3Uri("s3://lab/processed")
                                .localPath("/opt/ml/processing/out")
                                .s3UploadMode("EndOfJob"))
                        .build()))
                .processingResources(resources -> resources.clusterConfig(cluster ->
                        cluster.instanceType("ml.m5.large").instanceCount(1).volumeSizeInGB(5))));
        var job = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> lab.sagemaker.describeProcessingJob(request -> request.processingJobName("runproc")),
                        LiteralPathsTests::isOver);

        if (confined()) {
            assertThat(job.processingJobStatusAsString())
                    .as(job.failureReason())
                    .isEqualTo("Completed");
            assertThat(new String(lab.get("processed/x"), StandardCharsets.UTF_8))
                    .isEqualTo("y");
        } else {
            assertThat(job.failureReason()).contains("/opt/ml/processing/out");
        }
    }

    @Test
    void serves() {
        lab.endpoint("literal", """
                def model_fn(model_dir):
                    assert model_dir == "/opt/ml/model", model_dir
                    return open("/opt/ml/model/weight").read()

                def predict_fn(data, model):
                    return [model]
                """);
        var endpoint = lab.settled("literal");

        if (confined()) {
            assertThat(endpoint.endpointStatusAsString())
                    .as(endpoint.failureReason())
                    .isEqualTo("InService");
            assertThat(lab.invoke("literal", "[1]", Map.of("Content-Type", "application/json"))
                            .body())
                    .isEqualTo("[\"2\"]");
        } else {
            assertThat(endpoint.endpointStatusAsString()).isEqualTo("Failed");
        }
    }

    private static boolean confined() {
        assertThat(lab.engine.confinement()).isNotBlank();
        return lab.engine.unconfined().isEmpty();
    }

    private static boolean isOver(DescribeProcessingJobResponse job) {
        return !"InProgress".equals(job.processingJobStatusAsString());
    }

    private static ProcessingInput input(String name, String key, String folder) {
        return ProcessingInput.builder()
                .inputName(name)
                .s3Input(source -> source.s3Uri("s3://lab/" + key)
                        .s3DataType("S3Prefix")
                        .s3InputMode("File")
                        .localPath("/opt/ml/processing/input/" + folder))
                .build();
    }
}
