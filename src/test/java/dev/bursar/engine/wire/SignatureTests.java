// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

class SignatureTests {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private final Signature signature = new Signature("AKIATEST", "secret");

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/schedules/a%20b", "/schedules/x?groupName=default&a=b%2Fc", "/endpoints/e/invocations?x"})
    void takesWhatTheSdkSigns(String path) {
        assertThatCode(() -> signature.check(call(path, "{}", "sagemaker", "secret"), "sagemaker", NOW))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAnotherSecretBodyMethodOrPath() {
        var call = call("/a", "{}", "sagemaker", "secret");

        assertThat(refusal(call("/a", "{}", "sagemaker", "guessed"), "sagemaker"))
                .isEqualTo("InvalidSignatureException");
        assertThat(refusal(new Call("POST", "/a", "", call.headers(), SdkBytes.fromUtf8String("{ }")), "sagemaker"))
                .isEqualTo("InvalidSignatureException");
        assertThat(refusal(new Call("PUT", "/a", "", call.headers(), call.sent()), "sagemaker"))
                .isEqualTo("InvalidSignatureException");
        assertThat(refusal(new Call("POST", "/b", "", call.headers(), call.sent()), "sagemaker"))
                .isEqualTo("InvalidSignatureException");
        assertThat(refusal(new Call("POST", "/a", "x=1", call.headers(), call.sent()), "sagemaker"))
                .isEqualTo("InvalidSignatureException");
    }

    @Test
    void refusesWhatIsSignedForAnotherService() {
        assertThat(refusal(call("/", "{}", "logs", "secret"), "sagemaker")).isEqualTo("InvalidSignatureException");
    }

    @Test
    void refusesAnotherKeyInTheWordsOfTheService() {
        var other = new Signature("AKIAOTHER", "secret");
        var call = call("/", "{}", "sts", "secret");

        assertThat(catchThrowableOfType(Refusal.class, () -> other.check(call, "sts", NOW))
                        .error()
                        .code())
                .isEqualTo("InvalidClientTokenId");
    }

    @Test
    void refusesWhatIsOlderOrYoungerThanAQuarterOfAnHour() {
        var call = call("/", "{}", "sagemaker", "secret");

        assertThatCode(() -> signature.check(call, "sagemaker", NOW.plus(Duration.ofMinutes(15))))
                .doesNotThrowAnyException();
        assertThat(catchThrowableOfType(
                        Refusal.class, () -> signature.check(call, "sagemaker", NOW.plus(Duration.ofMinutes(16)))))
                .hasMessageStartingWith("Signature expired");
        assertThat(catchThrowableOfType(
                        Refusal.class, () -> signature.check(call, "sagemaker", NOW.minus(Duration.ofMinutes(16)))))
                .hasMessageStartingWith("Signature not yet current");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic eDp5",
                "AWS4-HMAC-SHA256",
                "AWS4-HMAC-SHA256 Credential=A/20261127/r/sagemaker/aws4_request, SignedHeaders=host, Signature=zz",
                "AWS4-HMAC-SHA256 Credential=/////////, SignedHeaders=;;;, Signature="
            })
    void refusesWhatIsNoSignature(String authorization) {
        var call =
                new Call("POST", "/", "", Map.of("authorization", List.of(authorization)), SdkBytes.fromUtf8String(""));

        assertThat(refusal(call, "sagemaker")).isEqualTo("IncompleteSignatureException");
    }

    @Test
    void refusesACallWithoutASignatureAndOneWithoutADate() {
        var signed = call("/", "{}", "sagemaker", "secret");
        var undated = new TreeMap<>(signed.headers());
        undated.put("x-amz-date", List.of("yesterday"));

        assertThat(refusal(new Call("POST", "/", "", Map.of(), signed.sent()), "sagemaker"))
                .isEqualTo("MissingAuthenticationTokenException");
        assertThat(refusal(new Call("POST", "/", "", undated, signed.sent()), "sagemaker"))
                .isEqualTo("IncompleteSignatureException");
    }

    private String refusal(Call call, String service) {
        return catchThrowableOfType(Refusal.class, () -> signature.check(call, service, NOW))
                .error()
                .code();
    }

    private static Call call(String path, String body, String service, String secret) {
        var request = SdkHttpRequest.builder()
                .uri(URI.create("http://127.0.0.1:1" + path))
                .method(SdkHttpMethod.POST)
                .build();
        var signed = AwsV4HttpSigner.create()
                .sign(r -> r.identity(AwsBasicCredentials.create("AKIATEST", secret))
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC)))
                .request();
        var headers = new TreeMap<String, List<String>>();
        signed.headers().forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values));
        var uri = signed.getUri();
        return new Call(
                "POST",
                uri.getRawPath(),
                uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                headers,
                SdkBytes.fromUtf8String(body));
    }
}
