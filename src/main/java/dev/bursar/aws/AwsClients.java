package dev.bursar.aws;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * SDK clients for an AWS account. The same code serves the engine and AWS; only endpoints, credentials and region
 * differ. SageMaker is never retried by the SDK: the due row is the retry, and a Create must not be sent twice unseen.
 */
@Component
public class AwsClients implements DisposableBean {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final AwsConnectionDetails connection;
    private final CallGate gate;
    private final AwsTime time;
    private final CallBudgets budgets;
    private final CallSettings settings;
    private final boolean limited;
    private final SdkHttpClient http = UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT)
            .socketTimeout(ANSWER)
            .build();
    private final SdkHttpClient uploads = FreshConnections.client();
    private final Map<String, AutoCloseable> clients = new ConcurrentHashMap<>();

    AwsClients(
            AwsConnectionDetails connection, CallGate gate, AwsTime time, CallBudgets budgets, CallSettings settings) {
        this.connection = connection;
        this.gate = gate;
        this.time = time;
        this.budgets = budgets;
        this.settings = settings;
        this.limited = Objects.requireNonNullElse(settings.limited(), !connection.isSimulated());
    }

    public SageMakerClient sageMaker(AwsAccount account) {
        return client(
                "sagemaker",
                account,
                AwsRetryStrategy.doNotRetry(),
                retry -> with(SageMakerClient.builder(), "sagemaker", account, retry)
                        .build());
    }

    public CloudWatchLogsClient logs(AwsAccount account) {
        return client(
                "logs",
                account,
                AwsRetryStrategy.doNotRetry(),
                retry -> with(CloudWatchLogsClient.builder(), "cloudwatchlogs", account, retry)
                        .build());
    }

    public S3Client s3(AwsAccount account) {
        return client(
                "s3",
                account,
                AwsRetryStrategy.standardRetryStrategy(),
                retry -> with(S3Client.builder(), "s3", account, retry)
                        .httpClient(uploads)
                        .forcePathStyle(connection.endpoint("s3") != null)
                        .build());
    }

    public StsClient sts(AwsAccount account) {
        return client(
                "sts",
                account,
                AwsRetryStrategy.standardRetryStrategy(),
                retry -> with(StsClient.builder(), "sts", account, retry).build());
    }

    /** How many descriptions of SageMaker's all replicas together may ask for; infinite where calls are not counted. */
    public double describesPerSecond() {
        return limited ? settings.describe() : Double.POSITIVE_INFINITY;
    }

    /** Whether nothing is really bought. */
    public boolean isSimulated() {
        return connection.isSimulated();
    }

    private <C extends AutoCloseable> C client(
            String service, AwsAccount account, RetryStrategy retry, Function<RetryStrategy, C> build) {
        @SuppressWarnings("unchecked")
        var client = (C) clients.computeIfAbsent(service + "/" + account.id(), key -> build.apply(retry));
        return client;
    }

    private <
                    B extends
                            AwsClientBuilder<B, ?>
                                    & software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder<B, ?>>
            B with(B builder, String service, AwsAccount account, RetryStrategy retry) {
        var endpoint = connection.endpoint(service);
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return builder.region(Region.of(account.region()))
                .credentialsProvider(credentials(account.assumeRoleArn(), account))
                .httpClient(http)
                .overrideConfiguration(configuration -> {
                    configuration
                            .addExecutionInterceptor(gate)
                            .addExecutionInterceptor(time)
                            .retryStrategy(retry);
                    if (limited && service.equals("sagemaker")) {
                        configuration.addExecutionInterceptor(new CallToll(account, budgets));
                    }
                });
    }

    private AwsCredentialsProvider credentials(@Nullable String role, AwsAccount account) {
        if (role == null) {
            return connection.credentials();
        }
        var sts = StsClient.builder()
                .region(Region.of(account.region()))
                .credentialsProvider(connection.credentials())
                .httpClient(http)
                .build();
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(request -> request.roleArn(role).roleSessionName("bursar"))
                .build();
    }

    @Override
    public void destroy() throws Exception {
        for (var client : clients.values()) {
            client.close();
        }
        http.close();
        uploads.close();
    }
}
