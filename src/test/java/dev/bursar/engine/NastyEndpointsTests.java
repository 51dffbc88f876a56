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
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;

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

    private static void delete(String endpoint) {
        lab.sagemaker.deleteEndpoint(request -> request.endpointName(endpoint));
    }
}
