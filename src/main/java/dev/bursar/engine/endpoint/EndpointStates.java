// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.sagemaker.model.DeployedImage;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.PendingDeploymentSummary;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariantSummary;

/** How an endpoint's description changes when its fleet does. Pure. */
final class EndpointStates {

    private EndpointStates() {}

    /** A fleet made from a configuration serves. */
    static DescribeEndpointResponse inService(
            DescribeEndpointResponse endpoint, String config, List<Fleet.Member> members, Instant now) {
        return endpoint.toBuilder()
                .endpointStatus(EndpointStatus.IN_SERVICE)
                .endpointConfigName(config)
                .pendingDeploymentSummary((PendingDeploymentSummary) null)
                .productionVariants(
                        members.stream().map(member -> summary(member, now)).toList())
                .lastModifiedTime(now)
                .build();
    }

    /** A new endpoint has failed for good; an updated one goes on with what it had. */
    static DescribeEndpointResponse failed(DescribeEndpointResponse endpoint, String reason, Instant now) {
        var isNew = endpoint.endpointStatus() == EndpointStatus.CREATING;
        return endpoint.toBuilder()
                .endpointStatus(isNew ? EndpointStatus.FAILED : EndpointStatus.IN_SERVICE)
                .failureReason(reason)
                .pendingDeploymentSummary((PendingDeploymentSummary) null)
                .lastModifiedTime(now)
                .build();
    }

    /** An updated endpoint goes on with what it had and does not say why. */
    static DescribeEndpointResponse rolledBack(DescribeEndpointResponse endpoint, Instant now) {
        return failed(endpoint, "", now).toBuilder().failureReason(null).build();
    }

    /** Weights and counts are as desired. */
    static DescribeEndpointResponse rescaled(DescribeEndpointResponse endpoint, Instant now) {
        return endpoint.toBuilder()
                .endpointStatus(EndpointStatus.IN_SERVICE)
                .productionVariants(endpoint.productionVariants().stream()
                        .map(variant -> variant.toBuilder()
                                .currentWeight(variant.desiredWeight())
                                .currentInstanceCount(variant.desiredInstanceCount())
                                .build())
                        .toList())
                .lastModifiedTime(now)
                .build();
    }

    private static ProductionVariantSummary summary(Fleet.Member member, Instant now) {
        var variant = member.variant();
        var serverless = variant.serverlessConfig();
        return ProductionVariantSummary.builder()
                .variantName(variant.variantName())
                .deployedImages(DeployedImage.builder()
                        .specifiedImage(member.container().image())
                        .resolvedImage(member.container().image())
                        .resolutionTime(now)
                        .build())
                .currentWeight(variant.initialVariantWeight())
                .desiredWeight(variant.initialVariantWeight())
                .currentInstanceCount(serverless == null ? variant.initialInstanceCount() : null)
                .desiredInstanceCount(serverless == null ? variant.initialInstanceCount() : null)
                .currentServerlessConfig(serverless)
                .build();
    }
}
