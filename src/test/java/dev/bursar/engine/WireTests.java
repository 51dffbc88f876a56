// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.engine.cloudwatch.LogEvents;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.ResourceInUseException;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;
import software.amazon.awssdk.services.sagemaker.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;

class WireTests {

    private static Path folder;
    private static Lab lab;

    @BeforeAll
    static void start(@TempDir Path temporary) {
        folder = temporary;
        lab = Lab.on(folder);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void refusesANameThatIsTaken() {
        lab.script("taken", "x.sh", "exit 0", request -> {});

        assertThatThrownBy(() -> lab.script("taken", "x.sh", "exit 0", request -> {}))
                .isInstanceOfSatisfying(
                        ResourceInUseException.class,
                        e -> assertThat(e.awsErrorDetails().errorMessage())
                                .isEqualTo("Training job names must be unique within an AWS account and region, and a"
                                        + " training job with this name already exists"
                                        + " (arn:aws:sagemaker:eu-west-1:123456789012:training-job/taken)"));
    }

    @Test
    void doesNotFindWhatIsNotThere() {
        assertRefused(() -> lab.describe("nobody"), "ValidationException", "Requested resource not found.");
        assertThatThrownBy(() -> lab.logs.getLogEvents(
                        request -> request.logGroupName(LogEvents.GROUP).logStreamName("nobody/algo-1-1")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void namesTheMemberThatFailsAConstraint() {
        assertRefused(
                () -> lab.create(
                        "bad_name",
                        request -> request.algorithmSpecification(
                                algorithm -> algorithm.trainingImage("x").trainingInputMode("File"))),
                "ValidationException",
                "1 validation error detected: Value 'bad_name' at 'trainingJobName' failed to satisfy constraint: Member"
                        + " must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}");
        assertRefused(
                () -> lab.create(
                        "no-enum",
                        request -> request.algorithmSpecification(algorithm ->
                                        algorithm.trainingImage("x").trainingInputMode("File"))
                                .resourceConfig(resources -> resources
                                        .instanceType("local")
                                        .instanceCount(1)
                                        .volumeSizeInGB(1))),
                "ValidationException",
                "1 validation error detected: Value 'local' at 'resourceConfig.instanceType' failed to satisfy"
                        + " constraint: Member must satisfy enum value set: [");
    }

    @Test
    void refusesAnEmptyPrefixAtOnce() {
        assertRefused(
                () -> lab.script(
                        "empty", "x.sh", "exit 0", request -> request.inputDataConfig(Lab.channel("train", "none/"))),
                "ValidationException",
                "No S3 objects found under S3 URL \"s3://lab/none/\" given in input data source.");
    }

    @Test
    void refusesWhatItDoesNotOffer() {
        assertRefused(
                () -> lab.script(
                        "later",
                        "x.sh",
                        "exit 0",
                        request -> request.checkpointConfig(checkpoint -> checkpoint.s3Uri("s3://lab/checkpoints"))),
                "ValidationException",
                "CheckpointConfig is not offered by this engine.");
        assertRefused(
                () -> lab.sagemaker.createProject(request -> request.projectName("p")),
                "UnknownOperationException",
                "The engine has no operation SageMaker.CreateProject. It has [");
    }

    @Test
    void refusesASignatureByAnotherKey() {
        try (var stranger = client("AKIASTRANGER", "secret");
                var forger = client(lab.settings.accessKeyId(), "wrong")) {
            assertRefused(
                    () -> stranger.listTrainingJobs(request -> {}),
                    "UnrecognizedClientException",
                    "The security token included in the request is invalid.");
            assertRefused(
                    () -> forger.listTrainingJobs(request -> {}),
                    "InvalidSignatureException",
                    "The request signature we calculated does not match the signature you provided.");
        }
    }

    @Test
    void refusesARequestWithoutASignature() throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(lab.engine.endpoint() + "/"))
                                .header("X-Amz-Target", "SageMaker.ListTrainingJobs")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("MissingAuthenticationTokenException");
        assertThat(answer.headers().firstValue("x-amzn-RequestId")).isPresent();
    }

    @Test
    void knowsWhoAsks() {
        try (var sts = StsClient.builder()
                .endpointOverride(lab.engine.endpoint())
                .region(Region.of(Lab.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(lab.settings.accessKeyId(), lab.settings.secretAccessKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            assertThat(sts.getCallerIdentity().account()).isEqualTo("123456789012");
        }
    }

    @Test
    void addsListsAndDeletesTags() {
        lab.script(
                "tagged",
                "x.sh",
                "exit 0",
                request -> request.tags(Tag.builder().key("a").value("1").build()));
        var arn = lab.describe("tagged").trainingJobArn();
        lab.sagemaker.addTags(request ->
                request.resourceArn(arn).tags(Tag.builder().key("b").value("2").build()));
        lab.sagemaker.deleteTags(request -> request.resourceArn(arn).tagKeys("a"));

        assertThat(lab.sagemaker.listTags(request -> request.resourceArn(arn)).tags())
                .containsExactly(Tag.builder().key("b").value("2").build());
    }

    @Test
    void cutsAPageBeforeItFiltersIt() {
        for (var number = 1; number <= 5; number++) {
            lab.script("page-" + number, "x.sh", number == 5 ? "exit 0" : "exit 3", request -> {});
        }
        for (var number = 1; number <= 5; number++) {
            lab.ended("page-" + number);
        }
        var first = lab.sagemaker.listTrainingJobs(request ->
                request.sortBy("Name").sortOrder("Ascending").maxResults(2).nameContains("page-5"));
        lab.script("page-0", "x.sh", "exit 0", request -> {});
        var rest = lab.sagemaker.listTrainingJobsPaginator(request -> request.sortBy("Name")
                .sortOrder("Ascending")
                .maxResults(2)
                .nextToken(first.nextToken())
                .nameContains("page-5"));

        assertThat(first.trainingJobSummaries()).isEmpty();
        assertThat(first.nextToken()).isNotNull();
        assertThat(rest.trainingJobSummaries())
                .singleElement()
                .satisfies(job -> assertThat(job.trainingJobName()).isEqualTo("page-5"));
    }

    @Test
    void notesEveryCallBeforeItAnswers() throws IOException {
        assertThatThrownBy(() -> lab.describe("noted")).isInstanceOf(SageMakerException.class);

        assertThat(Files.readString(folder.resolve("requests.log")))
                .contains("\"operation\":\"SageMaker.DescribeTrainingJob\",\"resource\":\"noted\","
                        + "\"outcome\":\"ValidationException\"");
    }

    private static SageMakerClient client(String id, String secret) {
        return SageMakerClient.builder()
                .endpointOverride(lab.engine.endpoint())
                .region(Region.of(Lab.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private static void assertRefused(Runnable call, String code, String message) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(SageMakerException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.awsErrorDetails().errorMessage()).startsWith(message);
        });
    }
}
