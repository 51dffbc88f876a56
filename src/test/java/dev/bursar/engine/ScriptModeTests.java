// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bursar.engine.cloudwatch.LogEvents;
import dev.bursar.engine.machine.Executables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

class ScriptModeTests {

    private static Lab lab;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.on(folder);
        lab.put("data/a.txt", "A");
        lab.put("data/deep/b.txt", "B");
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void runsAPythonScriptWithTheToolkitsArgumentsAndVariables() {
        requirePython();
        lab.archive("code/python.tar.gz", Map.of("train.py", """
                import json, os, sys
                print(json.dumps(sys.argv[1:]))
                print("accuracy=0.5")
                print("accuracy=0.75\\ttab")
                data = os.environ["SM_CHANNEL_TRAIN"]
                text = open(data + "/a.txt").read() + open(data + "/deep/b.txt").read()
                open(os.environ["SM_MODEL_DIR"] + "/model.txt", "w").write(text)
                open(os.environ["SM_OUTPUT_DATA_DIR"] + "/report.txt", "w").write(os.environ["SM_HP_EPOCHS"])
                assert "AWS_SECRET_ACCESS_KEY" not in os.environ
                """));
        lab.create(
                "python",
                request -> request.hyperParameters(Map.of(
                                "sagemaker_program", "\"train.py\"",
                                "sagemaker_submit_directory", "\"s3://lab/code/python.tar.gz\"",
                                "epochs", "10",
                                "b", "true",
                                "name", "\"two words\""))
                        .algorithmSpecification(algorithm -> algorithm
                                .trainingImage("any/image:1")
                                .trainingInputMode("File")
                                .metricDefinitions(MetricDefinition.builder()
                                        .name("accuracy")
                                        .regex("accuracy=([0-9.]+)#011tab")
                                        .build()))
                        .inputDataConfig(Lab.channel("train", "data")));
        var job = lab.ended("python");

        assertThat(job.failureReason()).isNull();
        assertThat(lab.log("python")).contains("[\"-b\", \"True\", \"--epochs\", \"10\", \"--name\", \"two words\"]");
        assertThat(job.finalMetricDataList())
                .singleElement()
                .satisfies(metric -> assertThat(metric.value()).isEqualTo(0.75f));
        assertThat(lab.unpacked("out/python/output/model.tar.gz")).isEqualTo(Map.of("model.txt", "AB"));
        assertThat(lab.unpacked("out/python/output/output.tar.gz")).isEqualTo(Map.of("report.txt", "10"));
    }

    @Test
    void tellsWhyAPythonScriptFailed() {
        requirePython();
        lab.script("broken", "train.py", "raise ValueError('no such column: age')", request -> {});
        var job = lab.ended("broken");

        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.FAILED);
        assertThat(job.failureReason())
                .startsWith("AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage \"")
                .contains("ValueError: no such column: age")
                .endsWith("Command \"python3 train.py\", exit code: 1");
    }

    @Test
    void runsOneProcessPerHostAndShardsTheData() {
        lab.script(
                "two-hosts",
                "x.sh",
                "ls -R $SM_CHANNEL_TRAIN; touch $SM_MODEL_DIR/$SM_CURRENT_HOST; find $SM_CHANNEL_TRAIN -type f | wc -l",
                request -> request.resourceConfig(resources -> resources
                                .instanceType("ml.m5.large")
                                .instanceCount(2)
                                .volumeSizeInGB(1))
                        .inputDataConfig(Lab.channel("train", "data").toBuilder()
                                .dataSource(source -> source.s3DataSource(s3 -> s3.s3DataType("S3Prefix")
                                        .s3Uri("s3://lab/data/")
                                        .s3DataDistributionType("ShardedByS3Key")))
                                .build()));

        assertThat(lab.ended("two-hosts").failureReason()).isNull();
        assertThat(lab.unpacked("out/two-hosts/output/model.tar.gz")).containsOnlyKeys("algo-1", "algo-2");
        assertThat(lab.log("two-hosts")).endsWith("1\n");
    }

    @Test
    void failsWithTheTextOfTheFailureFile() {
        lab.script("failure", "x.sh", "echo 'too few rows' > $SM_OUTPUT_DIR/failure; exit 9", request -> {});

        assertThat(lab.ended("failure").failureReason()).isEqualTo("AlgorithmError: too few rows, exit code: 9");
    }

    @Test
    void saysWhichFilesThereAreWhenTheScriptIsNot() {
        lab.archive("code/other.tar.gz", Map.of("main.py", ""));
        lab.create(
                "missing",
                request -> request.hyperParameters(Map.of(
                                "sagemaker_program",
                                "train.py",
                                "sagemaker_submit_directory",
                                "s3://lab/code/other.tar.gz"))
                        .algorithmSpecification(algorithm ->
                                algorithm.trainingImage("any/image:1").trainingInputMode("File")));

        assertThat(lab.ended("missing").failureReason())
                .startsWith("ClientError: The script train.py")
                .endsWith("which holds: main.py");
    }

    @Test
    void unpacksNothingOutsideTheCodeFolder() {
        lab.archive("code/evil.tar.gz", Map.of("../../../evil.sh", "exit 0"));
        lab.create(
                "evil",
                request -> request.hyperParameters(Map.of(
                                "sagemaker_program", "x.sh", "sagemaker_submit_directory", "s3://lab/code/evil.tar.gz"))
                        .algorithmSpecification(algorithm ->
                                algorithm.trainingImage("any/image:1").trainingInputMode("File")));

        assertThat(lab.ended("evil").failureReason()).contains("would lie outside the code folder");
    }

    @Test
    void saysWhatItCanRunWhenTheImageIsAnother() {
        lab.create(
                "image",
                request -> request.algorithmSpecification(
                        algorithm -> algorithm.trainingImage("someone/else:1").trainingInputMode("File")));
        var job = lab.ended("image");

        assertThat(job.failureReason()).startsWith("ClientError: The engine cannot run the image someone/else:1.");
        assertThat(job.trainingStartTime()).isNull();
    }

    @Test
    void cutsALogAtAHundredMegabytes() {
        lab.script("verbose", "x.sh", "head -c 110000000 /dev/zero | tr '\\0' x | fold -w 1000; exit 0", request -> {});
        var job = lab.ended("verbose");
        var last = lab.logs.getLogEvents(request -> request.logGroupName(LogEvents.GROUP)
                .logStreamName("verbose/algo-1-" + job.trainingStartTime().getEpochSecond())
                .limit(1));

        assertThat(job.failureReason()).isNull();
        assertThat(last.events())
                .singleElement()
                .satisfies(event ->
                        assertThat(event.message()).isEqualTo("The log was cut here: it had reached 104857600 bytes."));
    }

    @Test
    void unpacksNoLinks() throws Exception {
        var source = Files.createTempDirectory("links");
        Files.createSymbolicLink(source.resolve("x.sh"), Path.of("/etc/hostname"));
        var archive = source.resolve("links.tar.gz");
        new ProcessBuilder("tar", "-C", source.toString(), "-czf", archive.toString(), "x.sh")
                .start()
                .waitFor();
        lab.s3.putObject(request -> request.bucket(Lab.BUCKET).key("code/links.tar.gz"), archive);
        lab.create(
                "links",
                request -> request.hyperParameters(Map.of(
                                "sagemaker_program",
                                "x.sh",
                                "sagemaker_submit_directory",
                                "s3://lab/code/links.tar.gz"))
                        .algorithmSpecification(algorithm ->
                                algorithm.trainingImage("any/image:1").trainingInputMode("File")));

        assertThat(lab.ended("links").failureReason()).contains("x.sh is a link; links are not unpacked");
    }

    @Test
    void boundsTheMemoryOfAProcess() {
        requirePython();
        lab.script("greedy", "train.py", "x = bytearray(3 << 30)", request -> {});

        assertThat(lab.ended("greedy").failureReason()).contains("MemoryError");
    }

    private static void requirePython() {
        assumeTrue(Executables.find("python3").isPresent(), "there is no python3 on this machine");
    }
}
