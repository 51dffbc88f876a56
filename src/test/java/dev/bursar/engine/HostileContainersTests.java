// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ProcessingInput;
import software.amazon.awssdk.services.sagemaker.model.ProcessingOutput;

/** What processing and serving give away that want what is not their own: as in {@link HostileScriptsTests}. */
class HostileContainersTests {

    private static final String ADMIN = "SECRET-of-the-admin";
    private static final String OUT = "/opt/ml/processing/out";

    @TempDir
    static Path house;

    private static Lab lab;
    private static Path secret = Path.of("admin.key");

    @BeforeAll
    static void furnishAHouse() throws IOException {
        lab = Lab.with(
                house.resolve("engine"),
                settings -> settings.withConfinement(Confinement.automatic().hiding(house)));
        secret = Files.writeString(house.resolve("admin.key"), ADMIN);
    }

    @AfterAll
    static void leave() {
        lab.close();
    }

    @Test
    void takesNoLinkOutOfTheOutputsOfProcessing() {
        var job = process("leaves_links", "EndOfJob", "--paths", secret.toString(), "--folders", OUT);

        assertThat(job.processingJobStatusAsString()).as(job.failureReason()).isEqualTo("Completed");
        assertThat(lab.keys("out/leaves_links/"))
                .contains("out/leaves_links/own", "out/leaves_links/link-to-own")
                .noneMatch(key -> key.matches(".*(hard|link-\\d|pipe|device|environ|up-|socket).*"));
        assertThatNothingLies("out/leaves_links/");
    }

    @Test
    void isNeitherHeldUpNorDeceivedByWhatChangesWhileItIsTaken() {
        var job = process("swaps_while_collected", "Continuous", secret.toString());

        assertThat(job.processingJobStatusAsString()).as(job.failureReason()).isEqualTo("Completed");
        assertThatNothingLies("out/swaps_while_collected/");
    }

    @Test
    void servesNothingOfTheHouse() {
        lab.endpoint("curious", source("inference"));
        var endpoint = lab.settled("curious");
        assertThat(endpoint.endpointStatusAsString())
                .as(endpoint.failureReason())
                .isEqualTo("InService");

        var answer = lab.invoke(
                "curious",
                secret + ":" + house.resolve("engine/keys.properties"),
                Map.of("Content-Type", "text/plain", "Accept", "application/json"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        if (lab.engine.unconfined().isEmpty()) {
            assertThat(answer.body())
                    .contains("No such file or directory", "/opt/ml/model")
                    .doesNotContain(ADMIN, lab.settings.secretAccessKey(), house.toString());
        } else {
            assertThat(lab.engine.unconfined()).as("why not").isPresent();
        }
    }

    @Test
    void transformsNothingIntoASecret() {
        lab.archive("models/batch.tar.gz", Map.of("code/inference.py", source("inference")));
        lab.model("batch", "models/batch.tar.gz", "any:1", Map.of());
        lab.s3.putObject(
                request -> request.bucket("lab").key("asked/paths"), RequestBody.fromString(secret.toString()));
        lab.sagemaker.createTransformJob(request -> request.transformJobName("batch")
                .modelName("batch")
                .transformInput(input -> input.contentType("text/plain")
                        .dataSource(source -> source.s3DataSource(
                                s3 -> s3.s3DataType("S3Prefix").s3Uri("s3://lab/asked/"))))
                .transformOutput(
                        output -> output.s3OutputPath("s3://lab/answered").accept("application/json"))
                .transformResources(
                        resources -> resources.instanceType("ml.m5.large").instanceCount(1)));
        var job = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> lab.sagemaker.describeTransformJob(request -> request.transformJobName("batch")),
                        HostileContainersTests::isOver);

        assertThat(job.transformJobStatusAsString()).as(job.failureReason()).isEqualTo("Completed");
        if (lab.engine.unconfined().isEmpty()) {
            assertThatNothingLies("answered/");
        }
    }

    private static void assertThatNothingLies(String prefix) {
        for (var key : lab.keys(prefix)) {
            assertThat(new String(lab.get(key), StandardCharsets.ISO_8859_1))
                    .as(key)
                    .doesNotContain("SECRET");
        }
    }

    private static boolean isOver(DescribeTransformJobResponse job) {
        return !"InProgress".equals(job.transformJobStatusAsString());
    }

    private static DescribeProcessingJobResponse process(String script, String mode, String... arguments) {
        lab.put("scripts/" + script + ".py", source(script));
        var name = script.replace('_', '-');
        lab.sagemaker.createProcessingJob(request -> request.processingJobName(name)
                .roleArn("arn:aws:iam::123456789012:role/lab")
                .appSpecification(app -> app.imageUri("mine:1")
                        .containerEntrypoint("python3", "/opt/ml/processing/input/code/" + script + ".py")
                        .containerArguments(List.of(arguments)))
                .processingInputs(ProcessingInput.builder()
                        .inputName("code")
                        .s3Input(input -> input.s3Uri("s3://lab/scripts/" + script + ".py")
                                .s3DataType("S3Prefix")
                                .s3InputMode("File")
                                .localPath("/opt/ml/processing/input/code"))
                        .build())
                .processingOutputConfig(outputs -> outputs.outputs(ProcessingOutput.builder()
                        .outputName("out")
                        .s3Output(output -> output.s3Uri("s3://lab/out/" + script)
                                .localPath(OUT)
                                .s3UploadMode(mode))
                        .build()))
                .processingResources(resources -> resources.clusterConfig(cluster ->
                        cluster.instanceType("ml.m5.large").instanceCount(1).volumeSizeInGB(1))));
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> lab.sagemaker.describeProcessingJob(request -> request.processingJobName(name)),
                        job -> !"InProgress".equals(job.processingJobStatusAsString()));
    }

    private static String source(String script) {
        try (var in = HostileContainersTests.class.getResourceAsStream("/hostile/" + script + ".py")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
