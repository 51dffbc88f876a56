// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.ContainerDefinition;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariantSummary;

class EndpointStatesTests {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    @Test
    void servesWhatItsFleetIsMadeOf() {
        var serving = EndpointStates.inService(endpoint(EndpointStatus.UPDATING), "next", List.of(member(2)), NOW);

        assertThat(serving.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        assertThat(serving.endpointConfigName()).isEqualTo("next");
        assertThat(serving.pendingDeploymentSummary()).isNull();
        assertThat(serving.lastModifiedTime()).isEqualTo(NOW);
        assertThat(serving.productionVariants()).singleElement().satisfies(variant -> {
            assertThat(variant.currentInstanceCount()).isEqualTo(2);
            assertThat(variant.currentWeight()).isEqualTo(0.5f);
        });
    }

    @Test
    void failsForGoodWhenItIsNew() {
        var failed = EndpointStates.failed(endpoint(EndpointStatus.CREATING), "no ping", NOW);

        assertThat(failed.endpointStatus()).isEqualTo(EndpointStatus.FAILED);
        assertThat(failed.failureReason()).isEqualTo("no ping");
    }

    @Test
    void goesOnWithWhatItHadWhenAnUpdateFails() {
        var failed = EndpointStates.failed(endpoint(EndpointStatus.UPDATING), "no ping", NOW);

        assertThat(failed.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        assertThat(failed.failureReason()).isEqualTo("no ping");
        assertThat(failed.endpointConfigName()).isEqualTo("before");
        assertThat(failed.pendingDeploymentSummary()).isNull();
    }

    @Test
    void goesBackWithoutAWord() {
        var back = EndpointStates.rolledBack(endpoint(EndpointStatus.UPDATING), NOW);

        assertThat(back.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        assertThat(back.failureReason()).isNull();
    }

    @Test
    void takesTheWeightsAndCountsThatWereDesired() {
        var rescaled = EndpointStates.rescaled(endpoint(EndpointStatus.UPDATING), NOW);

        assertThat(rescaled.endpointStatus()).isEqualTo(EndpointStatus.IN_SERVICE);
        assertThat(rescaled.productionVariants()).singleElement().satisfies(variant -> {
            assertThat(variant.currentWeight()).isEqualTo(3f);
            assertThat(variant.currentInstanceCount()).isEqualTo(4);
        });
    }

    private static DescribeEndpointResponse endpoint(EndpointStatus status) {
        return DescribeEndpointResponse.builder()
                .endpointName("e")
                .endpointConfigName("before")
                .endpointStatus(status)
                .pendingDeploymentSummary(pending -> pending.endpointConfigName("next"))
                .productionVariants(ProductionVariantSummary.builder()
                        .variantName("v")
                        .currentWeight(1f)
                        .desiredWeight(3f)
                        .currentInstanceCount(1)
                        .desiredInstanceCount(4)
                        .build())
                .build();
    }

    private static Fleet.Member member(int instances) {
        return new Fleet.Member(
                ProductionVariant.builder()
                        .variantName("v")
                        .initialVariantWeight(0.5f)
                        .initialInstanceCount(instances)
                        .build(),
                ContainerDefinition.builder().image("any:1").build());
    }
}
