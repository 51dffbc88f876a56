// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.algorithm.XGBoost;
import dev.bursar.engine.wire.SdkCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.sagemaker.model.DesiredWeightAndCapacity;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;
import tools.jackson.databind.JsonNode;

class EndpointTests {

    private static final String DOUBLES = """
            import os
            def model_fn(model_dir):
                return float(open(os.path.join(model_dir, "weight")).read())
            def predict_fn(data, model):
                return [x * model for x in data]
            """;
    private static final Map<String, String> JSON =
            Map.of("Content-Type", "application/json", "Accept", "application/json");

    private static Lab lab;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.with(folder, settings -> settings.withBounds(2, 512).withClock(new FastClock(5)));
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void servesWhatTheUsersFunctionsSay() {
        lab.endpoint("doubles", DOUBLES);
        var waited = lab.sagemaker
                .waiter()
                .waitUntilEndpointInService(
                        request -> request.endpointName("doubles"),
                        config -> config.backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(100))))
                .matched()
                .response()
                .orElseThrow();
        var answer = lab.invoke("doubles", "[1, 2.5]", JSON);

        assertThat(waited.productionVariants().get(0).currentInstanceCount()).isEqualTo(1);
        assertThat(answer.body()).isEqualTo("[2.0, 5.0]");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("x-Amzn-Invoked-Production-Variant")).isEqualTo("AllTraffic");
    }

    @Test
    void countsInvocationsForCloudWatch() {
        lab.endpoint("counted", DOUBLES);
        lab.settled("counted");
        lab.invoke("counted", "[1]", JSON);
        lab.invoke("counted", "[1]", JSON);

        assertThat(metric("Invocations", "Sum", "counted").body()).contains("<Values><member>2.0</member></Values>");
        assertThat(metric("ModelLatency", "Minimum", "counted").body())
                .containsPattern("<Values><member>[1-9][0-9.E]+</member></Values>");
        assertThat(metric("Invocations", "Sum", "nobody").body()).contains("<Values></Values>");
        assertThat(metric("Invocations", "p99", "counted").body()).contains("<Code>ValidationError</Code>");
        assertThat(lab.call(SdkHttpMethod.POST, "/", "monitoring", "Action=PutMetricData&Version=2010-08-01", Map.of())
                        .body())
                .contains("<Code>InvalidAction</Code>");
        assertThat(lab.call(SdkHttpMethod.POST, "/", "monitoring", "Action=GetMetricData&Version=2010-08-01", Map.of())
                        .body())
                .contains("The parameter MetricDataQueries is required.");
    }

    private static Lab.Answer metric(String name, String stat, String endpoint) {
        var query = "MetricDataQueries.member.1.";
        var body = "Action=GetMetricData&Version=2010-08-01&StartTime=2020-01-01T00%3A00%3A00Z"
                + "&EndTime=2100-01-01T00%3A00%3A00Z&" + query + "Id=a&" + query
                + "MetricStat.Metric.Namespace=AWS%2FSageMaker&" + query + "MetricStat.Metric.MetricName=" + name + "&"
                + query + "MetricStat.Metric.Dimensions.member.1.Name=EndpointName&" + query
                + "MetricStat.Metric.Dimensions.member.1.Value=" + endpoint + "&" + query + "MetricStat.Period=86400&"
                + query + "MetricStat.Stat=" + stat;
        return lab.call(
                SdkHttpMethod.POST,
                "/",
                "monitoring",
                body,
                Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"));
    }

    @Test
    void anErrorOfTheModelIsAModelError() {
        lab.endpoint("breaks", "def model_fn(d):\n  return 0\ndef predict_fn(data, model):\n  raise ValueError('no')");
        lab.settled("breaks");
        var broken = lab.invoke("breaks", "[1]", JSON);
        var undecodable = lab.invoke("breaks", "x", Map.of("Content-Type", "image/png"));

        assertThat(broken.status()).isEqualTo(424);
        assertThat(broken.header("x-amzn-ErrorType")).isEqualTo("ModelError");
        assertThat(json(broken).path("OriginalStatusCode").asInt()).isEqualTo(500);
        assertThat(json(broken).path("OriginalMessage").asString()).isEqualTo("ValueError: no");
        assertThat(json(broken).path("LogStreamArn").asString()).endsWith(":log-group:/aws/sagemaker/Endpoints/breaks");
        assertThat(json(broken).path("Message").asString())
                .startsWith("Received server error (500) from primary with message \"ValueError: no\". See https://");
        assertThat(json(undecodable).path("OriginalStatusCode").asInt()).isEqualTo(415);
        await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> lab.logs
                                .describeLogStreams(request -> request.logGroupName("/aws/sagemaker/Endpoints/breaks"))
                                .logStreams(),
                        streams -> !streams.isEmpty());
    }

    @Test
    void servesABuiltInModel() {
        lab.put("data/train.csv", Lab.csv(200, 4, 1));
        lab.xgboost("trained", Map.of("num_round", "5", "objective", "binary:logistic"));
        var image = XGBoost.imageUri(Lab.REGION, "1.7-1").orElseThrow();
        lab.model("trained", "out/trained/output/model.tar.gz", image, Map.of());
        lab.config("trained", "trained");
        lab.sagemaker.createEndpoint(request -> request.endpointName("trained").endpointConfigName("trained"));
        var endpoint = lab.settled("trained");

        assertThat(endpoint.failureReason()).isNull();
        var csv = lab.invoke("trained", "2,2,2,0\n-2,-2,-2,\n", Map.of("Content-Type", "text/csv"));
        assertThat(csv.body().split("\n", -1)).hasSize(2);
        assertThat(Double.parseDouble(csv.body().split("\n", -1)[0])).isGreaterThan(0.5);
        assertThat(Double.parseDouble(csv.body().split("\n", -1)[1])).isLessThan(0.5);
        var libsvm = lab.invoke(
                "trained", "1 0:2 1:2 2:2 3:0", Map.of("Content-Type", "text/libsvm", "Accept", "application/json"));
        assertThat(json(libsvm).path("predictions").get(0).path("score").asString())
                .isEqualTo(csv.body().split("\n", -1)[0]);
        assertThat(json(lab.invoke("trained", "a,b", Map.of("Content-Type", "text/csv")))
                        .path("OriginalStatusCode")
                        .asInt())
                .isEqualTo(415);
        assertThat(json(lab.invoke("trained", "1,2", Map.of("Content-Type", "text/csv", "Accept", "image/png")))
                        .path("OriginalStatusCode")
                        .asInt())
                .isEqualTo(406);
        assertThat(json(lab.invoke("trained", "1,2,3,4,5,6,7", Map.of("Content-Type", "text/csv")))
                        .path("OriginalMessage")
                        .asString())
                .startsWith("Unable to evaluate payload provided: ");
    }

    @Test
    void failsWhenTheModelDoesNotAnswerItsPing() {
        lab.archive(
                "models/silent.tar.gz",
                Map.of("code/inference.py", "import time\ndef model_fn(d):\n  time.sleep(1000)"));
        lab.model("silent", "models/silent.tar.gz", "any:1", Map.of());
        lab.sagemaker.createEndpointConfig(request -> request.endpointConfigName("silent")
                .productionVariants(ProductionVariant.builder()
                        .variantName("AllTraffic")
                        .modelName("silent")
                        .containerStartupHealthCheckTimeoutInSeconds(60)
                        .initialInstanceCount(1)
                        .instanceType("ml.m5.large")
                        .build()));
        lab.sagemaker.createEndpoint(request -> request.endpointName("silent").endpointConfigName("silent"));

        assertThat(lab.refusal(() -> lab.sagemaker.deleteEndpoint(request -> request.endpointName("silent"))))
                .isEqualTo("ValidationException: Cannot update in-progress endpoint"
                        + " \"arn:aws:sagemaker:eu-west-1:123456789012:endpoint/silent\".");
        lab.config("short", "silent");
        lab.endpoint("crashes", "raise ImportError('gone')");
        var endpoint = lab.settled("crashes");
        assertThat(endpoint.endpointStatus()).isEqualTo(EndpointStatus.FAILED);
        assertThat(endpoint.failureReason())
                .isEqualTo("The primary container for production variant AllTraffic did not pass the ping health"
                        + " check. Please check CloudWatch logs for this endpoint.");
        assertThat(lab.refusal(() -> lab.sagemaker.updateEndpoint(
                        request -> request.endpointName("crashes").endpointConfigName("short"))))
                .contains("it can only be deleted");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> lab.sagemaker
                                .describeEndpoint(request -> request.endpointName("silent"))
                                .endpointStatus()
                        == EndpointStatus.FAILED);
    }

    @Test
    void updatesAndRollsBack() {
        lab.endpoint("changing", DOUBLES);
        lab.settled("changing");
        lab.archive("models/thirds.tar.gz", Map.of("code/inference.py", DOUBLES, "weight", "3"));
        lab.model("thirds", "models/thirds.tar.gz", "any:1", Map.of());
        lab.config("thirds", "thirds");
        lab.sagemaker.updateEndpoint(request -> request.endpointName("changing").endpointConfigName("thirds"));
        var updated = lab.settled("changing");

        assertThat(updated.endpointConfigName()).isEqualTo("thirds");
        assertThat(lab.invoke("changing", "[1]", JSON).body()).isEqualTo("[3.0]");

        lab.archive("models/bad.tar.gz", Map.of("code/inference.py", "raise 1"));
        lab.model("bad", "models/bad.tar.gz", "any:1", Map.of());
        lab.config("bad", "bad");
        lab.sagemaker.updateEndpoint(request -> request.endpointName("changing").endpointConfigName("bad"));
        assertThat(lab.invoke("changing", "[1]", JSON).body()).isEqualTo("[3.0]");
        var rolledBack = lab.settled("changing");
        assertThat(rolledBack.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        assertThat(rolledBack.endpointConfigName()).isEqualTo("thirds");
        assertThat(rolledBack.failureReason()).contains("did not pass the ping health check");

        lab.sagemaker.updateEndpointWeightsAndCapacities(request -> request.endpointName("changing")
                .desiredWeightsAndCapacities(DesiredWeightAndCapacity.builder()
                        .variantName("AllTraffic")
                        .desiredWeight(2f)
                        .desiredInstanceCount(3)
                        .build()));
        var scaled = lab.settled("changing").productionVariants().get(0);
        assertThat(scaled.currentInstanceCount()).isEqualTo(3);
        assertThat(scaled.currentWeight()).isEqualTo(2f);

        lab.sagemaker.deleteEndpoint(request -> request.endpointName("changing"));
        lab.sagemaker
                .waiter()
                .waitUntilEndpointDeleted(
                        request -> request.endpointName("changing"),
                        config -> config.backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(100))));
        assertThat(lab.invoke("changing", "[1]", JSON).body())
                .isEqualTo("{\"Message\":\"Endpoint changing of account 123456789012 not found.\"}");
    }

    @Test
    void refusesWhatSageMakerRefuses() {
        lab.archive("models/m.tar.gz", Map.of("code/inference.py", DOUBLES, "weight", "2"));
        lab.model("m", "models/m.tar.gz", "any:1", Map.of());
        lab.config("m", "m");
        var arn = "arn:aws:sagemaker:eu-west-1:123456789012:";

        assertThat(lab.refusal(() -> lab.model("m", "models/m.tar.gz", "any:1", Map.of())))
                .isEqualTo("ValidationException: Cannot create already existing model \"" + arn + "model/m\".");
        assertThat(lab.refusal(() -> lab.model("n", "models/none.tar.gz", "any:1", Map.of())))
                .isEqualTo("ValidationException: Could not find model data at s3://lab/models/none.tar.gz.");
        assertThat(lab.refusal(() -> lab.sagemaker.describeModel(request -> request.modelName("n"))))
                .isEqualTo("ValidationException: Could not find model \"" + arn + "model/n\".");
        assertThat(lab.refusal(() -> lab.sagemaker.deleteModel(request -> request.modelName("n"))))
                .isEqualTo("ValidationException: Could not find model \"" + arn + "model/n\".");
        assertThat(lab.refusal(() -> lab.config("m", "m")))
                .isEqualTo("ValidationException: Cannot create already existing endpoint configuration \"" + arn
                        + "endpoint-config/m\".");
        assertThat(lab.refusal(() -> lab.config("n", "n")))
                .isEqualTo("ValidationException: Could not find model \"" + arn + "model/n\".");
        assertThat(lab.refusal(() -> lab.sagemaker.describeEndpointConfig(request -> request.endpointConfigName("n"))))
                .isEqualTo(
                        "ValidationException: Could not find endpoint configuration \"" + arn + "endpoint-config/n\".");
        assertThat(lab.refusal(() -> lab.sagemaker.createEndpoint(
                        request -> request.endpointName("n").endpointConfigName("n"))))
                .isEqualTo(
                        "ValidationException: Could not find endpoint configuration \"" + arn + "endpoint-config/n\".");
        assertThat(lab.refusal(() -> lab.sagemaker.describeEndpoint(request -> request.endpointName("n"))))
                .isEqualTo("ValidationException: Could not find endpoint \"" + arn + "endpoint/n\".");
        assertThat(lab.invoke("n", "1", JSON).status()).isEqualTo(400);
        assertThat(lab.sagemaker
                        .listModels(request -> request.nameContains("m"))
                        .models())
                .extracting(model -> model.modelName())
                .contains("m");
        assertThat(lab.sagemaker
                        .listEndpointConfigs(request -> request.nameContains("m"))
                        .endpointConfigs())
                .extracting(config -> config.endpointConfigName())
                .contains("m");
        lab.sagemaker.deleteEndpointConfig(request -> request.endpointConfigName("m"));
        lab.sagemaker.deleteModel(request -> request.modelName("m"));
    }

    private static JsonNode json(Lab.Answer answer) {
        return SdkCodec.JSON.readTree(answer.body());
    }
}
