// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.engine.processing.ProcessingJobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.services.sagemaker.model.CreateProcessingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeProcessingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;
import software.amazon.awssdk.services.sagemaker.model.ProcessingInput;

/** What users send ends in a user's error, whatever it is; and no text tells of Java or of places on this machine. */
class HostileInputTests {

    private static final Pattern INNARDS = Pattern.compile(
            "\\b(java|javax|sun|jdk|tools|software|dev\\.bursar|com\\.google)\\.[a-z]\\w*\\.|\\b[A-Z]\\w*Exception\\b|\\tat ");

    private static Lab lab;
    private static Path place;
    private final List<String> texts = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path folder) {
        place = folder;
        lab = Lab.on(folder);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @AfterEach
    void nothingOfTheHostWasTold() {
        assertThat(texts)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text)
                        .doesNotContain(place.toString(), "InternalServerError", "InternalFailure")
                        .doesNotContainPattern(INNARDS));
    }

    @Test
    void everyHostileExpressionLeavesItsJobToEndAndSaysSo() {
        var hostile = List.of("(.|\\n)*X([0-9]+)", "(?:.*a){12}X([0-9])", "(a+)+X", "(?=a)(a+)X", "(a)\\1X", "X(");
        var definitions = new ArrayList<MetricDefinition>();
        hostile.forEach(regex -> definitions.add(MetricDefinition.builder()
                .name("m" + definitions.size())
                .regex(regex)
                .build()));
        definitions.add(
                MetricDefinition.builder().name("loss").regex("loss=([0-9.]+)").build());

        lab.script(
                "expressions",
                "x.py",
                "print('loss=0.5')\nfor n in 4000, 1 << 19:\n  print('a' * n)\nprint('no end', end='')",
                request -> request.algorithmSpecification(algorithm -> algorithm
                        .trainingImage("any/image:1")
                        .trainingInputMode("File")
                        .metricDefinitions(definitions)));

        var job = lab.ended("expressions");
        assertThat(job.trainingJobStatusAsString()).isEqualTo("Completed");
        assertThat(job.finalMetricDataList())
                .extracting(metric -> metric.metricName())
                .containsExactly("loss");
        texts.add(lab.log("expressions"));
        assertThat(texts.get(0))
                .contains("no end\n")
                .contains("The metric m3 is not looked for")
                .contains("The metric m4 is not looked for")
                .contains("The metric m5 is not looked for");
    }

    @Test
    void takesAManifestThatNamesAnObjectTwice() {
        lab.put("m/a.csv", "1");
        lab.put("m/twice.manifest", "[{\"prefix\": \"s3://lab/m/\"}, \"a.csv\", \"a.csv\"]");

        var job = trained("twice", "ls \"$SM_CHANNEL_TRAIN\"", "m/twice.manifest", "ManifestFile");

        assertThat(job.trainingJobStatusAsString()).isEqualTo("Completed");
        assertThat(lab.log("twice")).contains("a.csv");
    }

    @Test
    void failsManifestsThatCannotBeFollowedInTheUsersWords() {
        lab.put("m/x", "1");
        var manifests = List.of(
                "[{\"prefix\": \"s3://lab/\"}, \"\"]",
                "[{\"prefix\": \"s3://lab/\"}, \"m/nobody\"]",
                "[{\"prefix\": \"s3://lab/\"}, \"m/x\", \"m/x/y\"]",
                "[{\"prefix\": \"s3://lab/\"}, \"../x\"]",
                "[{\"prefix\": \"s3://lab/\"}, \"a\\u0000b\"]",
                "[{\"prefix\": \"s3://lab/\"}, \"" + "n".repeat(300) + "\"]",
                "[{\"prefix\": \"s3://No_Bucket!/\"}, \"x\"]",
                "[\"x\"]",
                "{\"a\": 1}",
                "\"text\"",
                "[[[[",
                "");
        for (int number = 0; number < manifests.size(); number++) {
            lab.put("m/bad-" + number, manifests.get(number));
            var job = trained("manifest-" + number, "exit 0", "m/bad-" + number, "ManifestFile");
            assertThat(job.trainingJobStatusAsString())
                    .as(manifests.get(number))
                    .isEqualTo("Failed");
            assertThat(job.failureReason()).as(manifests.get(number)).startsWith("ClientError: ");
        }
    }

    @Test
    void failsObjectsThatWouldLieUnderOneName() {
        lab.put("same/b/bx", "1");
        lab.put("same/bx", "2");

        var job = trained("same", "exit 0", "same/b", "S3Prefix");

        assertThat(job.trainingJobStatusAsString()).isEqualTo("Failed");
        assertThat(job.failureReason()).startsWith("ClientError: ").contains("taken by another");
    }

    @Test
    void readsAFailureFileWhateverItIs() {
        var scripts = Map.of(
                "latin", "printf 'Gr\\374\\337e' > $D/failure",
                "huge", "head -c 20000000 /dev/zero | tr '\\0' x > $D/failure",
                "folder", "mkdir $D/failure",
                "link", "ln -s /etc/hostname $D/failure",
                "pipe", "mkfifo $D/failure",
                "own", "echo \"in $SM_MODEL_DIR\" > $D/failure");
        scripts.forEach((name, script) ->
                lab.script("failure-" + name, "x.sh", "D=$SM_OUTPUT_DIR; " + script + "; exit 3", request -> {}));

        scripts.keySet().forEach(name -> {
            var job = told(lab.ended("failure-" + name));
            assertThat(job.failureReason())
                    .as(name)
                    .startsWith("AlgorithmError: ")
                    .endsWith("exit code: 3");
        });
        assertThat(lab.describe("failure-own").failureReason()).contains("in /opt/ml/model");
    }

    @Test
    void takesAProcessingScriptInLatin1() {
        lab.s3.putObject(
                request -> request.bucket(Lab.BUCKET).key("p/x.sh"),
                RequestBody.fromBytes(
                        "echo 'Gr\374\337e' from /opt/ml/processing/code\n".getBytes(StandardCharsets.ISO_8859_1)));

        var job = processed("latin", "/opt/ml/processing/code", request -> {});

        assertThat(job.processingJobStatusAsString()).isEqualTo("Completed");
        texts.add(String.valueOf(job.failureReason()));
    }

    @Test
    void failsAProcessingInputThatNoDiskCanTake() {
        lab.put("p/x.sh", "exit 0");

        var nul = processed(
                "nul",
                "/opt/ml/processing/code",
                request -> request.processingInputs(
                        input("one", "p/x.sh", "/opt/ml/processing/code"),
                        input("two", "p/x.sh", "/opt/ml/processing/a\0b")));
        assertThat(nul.failureReason()).startsWith("ClientError: ");
        texts.add(nul.failureReason());

        var clash = processed(
                "clash",
                "/opt/ml/processing/code",
                request -> request.processingInputs(
                        input("one", "p/x.sh", "/opt/ml/processing/code"),
                        input("two", "p/x.sh", "/opt/ml/processing/code/x.sh")));
        assertThat(clash.failureReason()).startsWith("ClientError: ");
        texts.add(clash.failureReason());
    }

    @Test
    void failsArchivesThatAreNoneInTheUsersWords() throws IOException {
        var archives = List.of(
                new byte[0],
                "text".getBytes(StandardCharsets.UTF_8),
                gzip(new byte[100]),
                gzip(member("x.sh", "0000644", "77777777777")),
                gzip(member("x.sh", "-000644", "00000000001")),
                gzip(member("x.sh", "rwxrwxr", "00000000001")),
                gzip(member("x.sh", "0000644", "-0000000001")),
                gzip(member("a/" + "n".repeat(90) + "/../x", "0000644", "what")),
                gzip(member("../../x.sh", "0000644", "00000000001")));
        for (int number = 0; number < archives.size(); number++) {
            var archive = archives.get(number);
            var key = "code/bad-" + number + ".tar.gz";
            lab.s3.putObject(request -> request.bucket(Lab.BUCKET).key(key), RequestBody.fromBytes(archive));
            lab.create(
                    "archive-" + number,
                    request -> request.hyperParameters(Map.of(
                                    "sagemaker_program", "x.sh", "sagemaker_submit_directory", "s3://lab/" + key))
                            .algorithmSpecification(algorithm ->
                                    algorithm.trainingImage("any/image:1").trainingInputMode("File")));
            var job = told(lab.ended("archive-" + number));
            assertThat(job.failureReason()).as("archive %d", number).startsWith("ClientError: ");
        }
    }

    @Test
    void refusesCallsThatMakeNoSense() {
        var bodies = List.of(
                "{\"NextToken\": \"%%%\"}",
                "{\"NextToken\": \"\"}",
                "{\"MaxResults\": \"many\"}",
                "{\"MaxResults\": 99999999999999999999}",
                "{\"CreationTimeAfter\": \"yesterday\"}",
                "{\"CreationTimeAfter\": 1e300}",
                "{\"SortBy\": 7}",
                "{\"NameContains\": {\"a\": []}}",
                "[".repeat(2000),
                "{\"NameContains\": " + "{\"a\":".repeat(1500) + "1" + "}".repeat(1500) + "}",
                "{\"NameContains\": \"" + "a".repeat(100_000) + "\"}",
                "\u0000",
                "null");
        for (var operation :
                List.of("ListTrainingJobs", "ListEndpoints", "ListModels", "Search", "CreateTrainingJob")) {
            bodies.forEach(body -> call(SdkHttpMethod.POST, "/", "sagemaker", body, "SageMaker." + operation));
        }
        bodies.forEach(body -> {
            call(SdkHttpMethod.PUT, "/_engine/nastiness", "sagemaker", body, "");
            call(SdkHttpMethod.POST, "/schedules/x", "scheduler", body, "");
            call(SdkHttpMethod.POST, "/endpoints/nobody/invocations", "sagemaker", body, "");
            call(SdkHttpMethod.POST, "/", "logs", body, "Logs_20140328.GetLogEvents");
        });
        call(SdkHttpMethod.PUT, "/_engine/nastiness", "sagemaker", "{\"nobody\": 1}", "");
        call(SdkHttpMethod.PUT, "/_engine/nastiness", "sagemaker", "{\"seed\": \"x\"}", "");
        call(SdkHttpMethod.GET, "/schedules/%ff", "scheduler", "", "");
    }

    private void call(SdkHttpMethod method, String path, String service, String body, String target) {
        var answer =
                lab.call(method, path, service, body, target.isEmpty() ? Map.of() : Map.of("X-Amz-Target", target));
        assertThat(answer.status())
                .as("%s %s %s", method, path, body.substring(0, Math.min(80, body.length())))
                .isLessThan(500);
        // The code of an error is AWS's own word.
        texts.add(answer.body().replaceAll("\"__type\":\"\\w+\"", ""));
    }

    private DescribeTrainingJobResponse trained(String name, String script, String key, String type) {
        lab.script(
                name,
                "x.sh",
                script,
                request -> request.inputDataConfig(Lab.channel("train", key).toBuilder()
                        .dataSource(source ->
                                source.s3DataSource(s3 -> s3.s3DataType(type).s3Uri("s3://lab/" + key)))
                        .build()));
        return told(lab.ended(name));
    }

    private DescribeTrainingJobResponse told(DescribeTrainingJobResponse job) {
        texts.add(String.valueOf(job.failureReason()));
        job.secondaryStatusTransitions().forEach(one -> texts.add(String.valueOf(one.statusMessage())));
        return job;
    }

    private static DescribeProcessingJobResponse processed(
            String name, String path, Consumer<CreateProcessingJobRequest.Builder> more) {
        lab.sagemaker.createProcessingJob(request -> {
            request.processingJobName(name)
                    .roleArn("arn:aws:iam::123456789012:role/lab")
                    .appSpecification(app -> app.imageUri("any:1").containerEntrypoint("sh", path + "/x.sh"))
                    .processingInputs(input("code", "p/x.sh", path))
                    .processingResources(resources -> resources.clusterConfig(cluster ->
                            cluster.instanceCount(1).instanceType("ml.m5.large").volumeSizeInGB(1)));
            more.accept(request);
        });
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> lab.sagemaker.describeProcessingJob(request -> request.processingJobName(name)),
                        ProcessingJobs::isTerminal);
    }

    private static ProcessingInput input(String name, String key, String path) {
        return ProcessingInput.builder()
                .inputName(name)
                .s3Input(s3 -> s3.s3Uri("s3://lab/" + key)
                        .localPath(path)
                        .s3DataType("S3Prefix")
                        .s3InputMode("File"))
                .build();
    }

    private static byte[] member(String name, String mode, String size) {
        var header = new byte[1024];
        IntStream.range(0, name.length()).forEach(index -> header[index] = (byte) name.charAt(index));
        IntStream.range(0, mode.length()).forEach(index -> header[100 + index] = (byte) mode.charAt(index));
        IntStream.range(0, size.length()).forEach(index -> header[124 + index] = (byte) size.charAt(index));
        header[156] = '0';
        return header;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }
}
