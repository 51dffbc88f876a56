// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.bursar.algorithm.XGBoost;
import dev.bursar.engine.cloudwatch.LogEvents;
import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.machine.Leaving;
import dev.bursar.engine.machine.Leavings;
import dev.bursar.engine.machine.TarReader;
import dev.bursar.engine.machine.TarWriter;
import dev.bursar.engine.machine.Workspace;
import dev.bursar.engine.s3.WithoutExpectation;
import dev.bursar.engine.training.TrainingHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.Channel;
import software.amazon.awssdk.services.sagemaker.model.CreateTrainingJobRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;
import software.amazon.awssdk.services.sagemaker.model.TrainingInstanceType;

/** An engine on a folder with the real SDK's clients, a bucket, and the jobs the tests like to run. */
final class Lab implements AutoCloseable {

    static final String BUCKET = "lab";
    static final String REGION = "eu-west-1";
    private static final long LARGE = 1L << 40;

    final Engine engine;
    final EngineSettings settings;
    final SageMakerClient sagemaker;
    final CloudWatchLogsClient logs;
    final S3Client s3;

    private Lab(EngineSettings settings) {
        this.settings = settings;
        this.engine = Engine.start(settings);
        var keys = StaticCredentialsProvider.create(
                AwsBasicCredentials.create(settings.accessKeyId(), settings.secretAccessKey()));
        sagemaker = SageMakerClient.builder()
                .endpointOverride(engine.endpoint())
                .region(Region.of(REGION))
                .credentialsProvider(keys)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        logs = CloudWatchLogsClient.builder()
                .endpointOverride(engine.endpoint())
                .region(Region.of(REGION))
                .credentialsProvider(keys)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        s3 = S3Client.builder()
                .endpointOverride(engine.s3Endpoint())
                .forcePathStyle(true)
                .overrideConfiguration(configuration -> configuration.addExecutionInterceptor(new WithoutExpectation()))
                .region(Region.of(REGION))
                .credentialsProvider(keys)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        if (s3.listBuckets().buckets().isEmpty()) {
            s3.createBucket(request -> request.bucket(BUCKET));
        }
    }

    static Lab on(Path folder) {
        return with(folder, settings -> settings);
    }

    static Lab with(Path folder, UnaryOperator<EngineSettings> change) {
        return new Lab(change.apply(EngineSettings.in(folder).withRegion(REGION)));
    }

    void put(String key, String content) {
        s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromString(content));
    }

    byte[] get(String key) {
        return s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key)).asByteArray();
    }

    /** A CSV with the label first, which the other columns tell. */
    static String csv(int rows, int columns, long seed) {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            var sum = 0.0;
            var cells = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                var value = random.nextGaussian();
                sum += column < 3 ? value : 0;
                cells.append(String.format(Locale.ROOT, ",%.4f", value));
            }
            text.append(sum > 0 ? 1 : 0).append(cells).append('\n');
        }
        return text.toString();
    }

    /** Trains on {@code data/train.csv}. */
    DescribeTrainingJobResponse xgboost(String name, Map<String, String> hyperparameters) {
        create(
                name,
                request -> request.hyperParameters(hyperparameters)
                        .algorithmSpecification(algorithm -> algorithm
                                .trainingImage(XGBoost.imageUri(REGION, "1.7-1").orElseThrow())
                                .trainingInputMode("File"))
                        .inputDataConfig(channel("train", "data/train.csv")));
        return ended(name);
    }

    static Channel channel(String name, String key) {
        return Channel.builder()
                .channelName(name)
                .contentType("text/csv")
                .dataSource(source ->
                        source.s3DataSource(s3 -> s3.s3DataType("S3Prefix").s3Uri("s3://lab/" + key)))
                .build();
    }

    /** Starts a script of one file. */
    void script(String name, String file, String code, Consumer<CreateTrainingJobRequest.Builder> more) {
        archive("code/" + name + ".tar.gz", Map.of(file, code));
        create(name, request -> {
            request.hyperParameters(Map.of(
                            "sagemaker_program",
                            file,
                            "sagemaker_submit_directory",
                            "s3://lab/code/" + name + ".tar.gz"))
                    .algorithmSpecification(
                            algorithm -> algorithm.trainingImage("any/image:1").trainingInputMode("File"));
            more.accept(request);
        });
    }

    void create(String name, Consumer<CreateTrainingJobRequest.Builder> more) {
        sagemaker.createTrainingJob(request -> {
            request.trainingJobName(name)
                    .roleArn("arn:aws:iam::123456789012:role/lab")
                    .outputDataConfig(output -> output.s3OutputPath("s3://lab/out"))
                    .resourceConfig(resources -> resources
                            .instanceType(TrainingInstanceType.ML_M5_LARGE)
                            .instanceCount(1)
                            .volumeSizeInGB(5))
                    .stoppingCondition(condition -> condition.maxRuntimeInSeconds(600));
            more.accept(request);
        });
    }

    void archive(String key, Map<String, String> files) {
        try {
            var workspace = new Workspace(Files.createTempDirectory("archive"));
            var archive = Files.createTempFile("archive", ".tar.gz");
            var named = new TreeMap<String, Leaving>();
            for (var file : files.entrySet()) {
                var folder = Files.createDirectories(workspace.opt().resolve("f" + named.size()));
                Files.writeString(folder.resolve("content"), file.getValue());
                named.put(
                        file.getKey(),
                        Leavings.of(workspace, LARGE).below(folder).get("content"));
            }
            TarWriter.write(named, archive);
            s3.putObject(request -> request.bucket(BUCKET).key(key), archive);
            Files.delete(archive);
            Durable.delete(workspace.root());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The members of an archive in the bucket, by name. */
    Map<String, String> unpacked(String key) {
        try {
            var workspace = new Workspace(Files.createTempDirectory("unpacked"));
            var archive = Files.write(Files.createTempFile("archive", ".tar.gz"), get(key));
            TarReader.unpack(archive, Files.createDirectories(workspace.opt()), key);
            var members = new LinkedHashMap<String, String>();
            for (var file : Leavings.of(workspace, LARGE).below(workspace.opt()).entrySet()) {
                members.put(file.getKey(), Files.readString(file.getValue().path(), StandardCharsets.ISO_8859_1));
            }
            Durable.delete(workspace.root());
            Files.delete(archive);
            return members;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DescribeTrainingJobResponse describe(String name) {
        return sagemaker.describeTrainingJob(request -> request.trainingJobName(name));
    }

    DescribeTrainingJobResponse ended(String name) {
        return until(name, TrainingHistory::isTerminal);
    }

    DescribeTrainingJobResponse until(String name, Predicate<DescribeTrainingJobResponse> condition) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(30))
                .until(() -> describe(name), condition);
    }

    /** InvokeEndpoint as the SDK sends it; the SDK's client for it is no dependency of ours. */
    Answer invoke(String endpoint, String body, Map<String, String> headers) {
        return call(SdkHttpMethod.POST, "/endpoints/" + endpoint + "/invocations", "sagemaker", body, headers);
    }

    /** A signed call to a service whose client is no dependency of ours. */
    Answer call(SdkHttpMethod method, String path, String service, String body, Map<String, String> headers) {
        var request =
                SdkHttpRequest.builder().uri(engine.endpoint().resolve(path)).method(method);
        headers.forEach(request::putHeader);
        var payload = body.isEmpty() ? null : ContentStreamProvider.fromUtf8String(body);
        var signed = AwsV4HttpSigner.create().sign(r -> {
            r.identity(AwsBasicCredentials.create(settings.accessKeyId(), settings.secretAccessKey()))
                    .request(request.build())
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, REGION);
            if (payload != null) {
                r.payload(payload);
            }
        });
        try (var http = UrlConnectionHttpClient.create()) {
            var execution = HttpExecuteRequest.builder().request(signed.request());
            signed.payload().ifPresent(execution::contentStreamProvider);
            var response = http.prepareRequest(execution.build()).call();
            var content = response.responseBody().isEmpty()
                    ? new byte[0]
                    : response.responseBody().get().readAllBytes();
            return new Answer(
                    response.httpResponse().statusCode(),
                    new String(content, StandardCharsets.UTF_8),
                    response.httpResponse());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the runtime has answered. */
    record Answer(int status, String body, SdkHttpResponse response) {
        String header(String name) {
            return response.firstMatchingHeader(name).orElse("");
        }
    }

    void model(String name, String archive, String image, Map<String, String> environment) {
        sagemaker.createModel(request -> request.modelName(name)
                .executionRoleArn("arn:aws:iam::123456789012:role/lab")
                .primaryContainer(container -> container
                        .image(image)
                        .modelDataUrl("s3://lab/" + archive)
                        .environment(environment)));
    }

    void config(String name, String model) {
        sagemaker.createEndpointConfig(request -> request.endpointConfigName(name)
                .productionVariants(ProductionVariant.builder()
                        .variantName("AllTraffic")
                        .modelName(model)
                        .initialInstanceCount(1)
                        .instanceType("ml.m5.large")
                        .build()));
    }

    /** A model of functions, its configuration and its endpoint, all of one name. */
    void endpoint(String name, String inference) {
        archive("models/" + name + ".tar.gz", Map.of("code/inference.py", inference, "weight", "2"));
        model(name, "models/" + name + ".tar.gz", "any:1", Map.of());
        config(name, name);
        sagemaker.createEndpoint(request -> request.endpointName(name).endpointConfigName(name));
    }

    DescribeEndpointResponse settled(String endpoint) {
        return await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> sagemaker.describeEndpoint(request -> request.endpointName(endpoint)),
                        one -> !List.of("Creating", "Updating").contains(one.endpointStatusAsString()));
    }

    List<String> keys(String prefix) {
        return s3.listObjectsV2(request -> request.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(object -> object.key())
                .toList();
    }

    /** Code and text of the refusal that the call must meet. */
    String refusal(ThrowingCallable call) {
        var thrown = catchThrowableOfType(AwsServiceException.class, call);
        return thrown == null
                ? "not refused"
                : thrown.awsErrorDetails().errorCode() + ": "
                        + thrown.awsErrorDetails().errorMessage();
    }

    String log(String name) {
        var stream = logs.describeLogStreams(
                        request -> request.logGroupName(LogEvents.GROUP).logStreamNamePrefix(name + "/"))
                .logStreams()
                .get(0)
                .logStreamName();
        var text = new StringBuilder();
        logs.getLogEvents(request -> request.logGroupName(LogEvents.GROUP)
                        .logStreamName(stream)
                        .startFromHead(true))
                .events()
                .forEach(event -> text.append(event.message()).append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        sagemaker.close();
        logs.close();
        s3.close();
        engine.close();
    }
}
