// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;

/** Sets a lab's nastiness at run time, as a teacher would, and has a client that repeats nothing. */
final class Nasty implements AutoCloseable {

    final SageMakerClient once;
    private final AwsBasicCredentials keys;
    private final URI control;

    Nasty(Lab lab) {
        keys = AwsBasicCredentials.create(lab.settings.accessKeyId(), lab.settings.secretAccessKey());
        control = lab.engine.endpoint().resolve("/_engine/nastiness");
        once = SageMakerClient.builder()
                .endpointOverride(lab.engine.endpoint())
                .region(Region.of(Lab.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(keys))
                .overrideConfiguration(configuration -> configuration.retryStrategy(retries -> retries.maxAttempts(1)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    void be(String nastiness) {
        assertThat(call(SdkHttpMethod.PUT, nastiness)).startsWith("200 ");
    }

    void calmDown() {
        be("{}");
    }

    /** Status and body of the answer. */
    String call(SdkHttpMethod method, String body) {
        var request = SdkHttpRequest.builder().uri(control).method(method).build();
        var signed = AwsV4HttpSigner.create()
                .sign(r -> r.identity(keys)
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sagemaker")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, Lab.REGION));
        var sent = HttpExecuteRequest.builder().request(signed.request());
        if (method == SdkHttpMethod.PUT) {
            sent.contentStreamProvider(signed.payload().orElseThrow());
        }
        try (var http = UrlConnectionHttpClient.create()) {
            var response = http.prepareRequest(sent.build()).call();
            var content = response.responseBody().isEmpty()
                    ? new byte[0]
                    : response.responseBody().get().readAllBytes();
            return response.httpResponse().statusCode() + " " + new String(content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        once.close();
    }
}
