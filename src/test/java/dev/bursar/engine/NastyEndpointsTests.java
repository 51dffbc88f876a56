// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sagemaker.model.DesiredWeightAndCapacity;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;

class NastyEndpointsTests {

    private static final String ECHO = "def model_fn(d):\n  return 0\ndef predict_fn(data, model):\n  return data";
    private static final String IN_PROGRESS = "ValidationException: Cannot update in-progress endpoint"
            + " \"arn:aws:sagemaker:eu-west-1:123456789012:endpoint/%s\".";

    private static Lab lab;
    private static Nasty nasty;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.with(folder, settings -> settings.withBounds(2, 512).withClock(new FastClock(10)));
        nasty = new Nasty(lab);
    }

    @AfterEach
    void calmDown() {
        nasty.calmDown();
    }

    @AfterAll
    static void stop() {
        nasty.close();
        lab.close();
    }

    @Test
    void failsAfterAWhileOfCreatingAndCannotBeDeletedBefore() {
        nasty.be("{\"endpoints\": {\"creatingFailsAfterSeconds\": 30}}");
        lab.endpoint("doomed", ECHO);
        var refusal = lab.refusal(() -> delete("doomed"));
        var failed = lab.settled("doomed");

        assertThat(refusal).isEqualTo(IN_PROGRESS.formatted("doomed"));
        assertThat(failed.endpointStatus()).isEqualTo(EndpointStatus.FAILED);
        assertThat(failed.failureReason()).startsWith("Request to service failed.");
        assertThat(Duration.between(failed.creationTime(), failed.lastModifiedTime()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(30));
        delete("doomed");
    }

    @Test
    void rollsBackWithoutAWordAndIsUpdatedBySageMakerItself() {
        lab.endpoint("steady", ECHO);
        assertThat(lab.settled("steady").endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        lab.config("steady-2", "steady");
        nasty.be("{\"endpoints\": {\"rollsBackAfterSeconds\": 20}}");
        lab.sagemaker.updateEndpoint(request -> request.endpointName("steady").endpointConfigName("steady-2"));
        var refusal = lab.refusal(() -> delete("steady"));
        var after = lab.settled("steady");

        assertThat(refusal).isEqualTo(IN_PROGRESS.formatted("steady"));
        assertThat(after.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        assertThat(after.endpointConfigName()).isEqualTo("steady");
        assertThat(after.failureReason()).isNull();

        nasty.be("{\"endpoints\": {\"systemUpdating\": [\"steady\"]}}");
        assertThat(lab.sagemaker
                        .describeEndpoint(request -> request.endpointName("steady"))
                        .endpointStatus())
                .isEqualTo(EndpointStatus.SYSTEM_UPDATING);
        assertThat(lab.sagemaker
                        .listEndpoints(request -> request.nameContains("steady"))
                        .endpoints())
                .allMatch(endpoint -> endpoint.endpointStatus() == EndpointStatus.SYSTEM_UPDATING);
        assertThat(lab.refusal(() -> delete("steady"))).isEqualTo(IN_PROGRESS.formatted("steady"));

        nasty.calmDown();
        delete("steady");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> lab.refusal(
                                () -> lab.sagemaker.describeEndpoint(request -> request.endpointName("steady")))
                        .startsWith("ValidationException: Could not find endpoint"));
    }

    @Test
    void refusesMoreInstancesThanTheQuotaOfEndpointsAllows() {
        nasty.be("{\"jobs\": {\"quotas\": {\"ml.m5.large for endpoint usage\": 2,"
                + " \"ml.m5.xlarge for endpoint usage\": 0}}}");
        lab.endpoint("within", ECHO);
        lab.settled("within");
        config("two-large", "ml.m5.large", 2);
        config("one-xlarge", "ml.m5.xlarge", 1);
        lab.sagemaker.deleteEndpointConfig(request -> request.endpointConfigName("within"));

        assertThat(lab.refusal(() -> create("beyond", "two-large"))).isEqualTo(limit("ml.m5.large", 2, 1, 2));
        assertThat(lab.refusal(() -> create("beyond", "one-xlarge"))).isEqualTo(limit("ml.m5.xlarge", 0, 0, 1));
        assertThat(lab.refusal(() -> lab.sagemaker.updateEndpoint(
                        request -> request.endpointName("within").endpointConfigName("one-xlarge"))))
                .isEqualTo(limit("ml.m5.xlarge", 0, 0, 1));
        assertThat(lab.refusal(() -> rescale("within", 4))).isEqualTo(limit("ml.m5.large", 2, 1, 3));

        rescale("within", 2);
        assertThat(lab.settled("within").endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        delete("within");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> lab.refusal(() -> create("beyond", "two-large")).equals("not refused"));
        assertThat(lab.settled("beyond").endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        delete("beyond");
    }

    private static String limit(String type, int most, int used, int more) {
        return ("ResourceLimitExceeded: The account-level service limit '%s for endpoint usage' is %d Instances, with"
                        + " current utilization of %d Instances and a request delta of %d Instances. Please contact AWS"
                        + " support to request an increase for this limit.")
                .formatted(type, most, used, more);
    }

    private static void config(String name, String type, int count) {
        lab.sagemaker.createEndpointConfig(request -> request.endpointConfigName(name)
                .productionVariants(ProductionVariant.builder()
                        .variantName("AllTraffic")
                        .modelName("within")
                        .initialInstanceCount(count)
                        .instanceType(type)
                        .build()));
    }

    private static void create(String endpoint, String config) {
        lab.sagemaker.createEndpoint(request -> request.endpointName(endpoint).endpointConfigName(config));
    }

    private static void rescale(String endpoint, int instances) {
        lab.sagemaker.updateEndpointWeightsAndCapacities(request -> request.endpointName(endpoint)
                .desiredWeightsAndCapacities(DesiredWeightAndCapacity.builder()
                        .variantName("AllTraffic")
                        .desiredInstanceCount(instances)
                        .build()));
    }

    private static void delete(String endpoint) {
        lab.sagemaker.deleteEndpoint(request -> request.endpointName(endpoint));
    }
}
