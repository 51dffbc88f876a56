// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Listing;
import dev.bursar.engine.store.Resources;
import dev.bursar.engine.store.Tags;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.CreateEndpointRequest;
import software.amazon.awssdk.services.sagemaker.model.CreateEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DeleteEndpointRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DeploymentConfig;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.DesiredWeightAndCapacity;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.EndpointSummary;
import software.amazon.awssdk.services.sagemaker.model.ListEndpointsRequest;
import software.amazon.awssdk.services.sagemaker.model.PendingDeploymentSummary;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariantSummary;
import software.amazon.awssdk.services.sagemaker.model.TrafficRoutingConfigType;
import software.amazon.awssdk.services.sagemaker.model.UpdateEndpointRequest;
import software.amazon.awssdk.services.sagemaker.model.UpdateEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.UpdateEndpointWeightsAndCapacitiesRequest;
import software.amazon.awssdk.services.sagemaker.model.UpdateEndpointWeightsAndCapacitiesResponse;

/** The operations on endpoints: they say what is wanted, and the endpoint's run sees to it. */
public final class Endpoints {

    private final Resources<DescribeEndpointResponse> endpoints;
    private final RunParts parts;
    private final Fleets fleets;

    public Endpoints(RunParts parts, Fleets fleets) {
        this.endpoints = parts.estate().endpoints();
        this.parts = parts;
        this.fleets = fleets;
    }

    public void register(Operations operations) {
        operations
                .on("SageMaker.CreateEndpoint", CreateEndpointRequest::builder, request -> create(request.build()))
                .on(
                        "SageMaker.DescribeEndpoint",
                        DescribeEndpointRequest::builder,
                        request -> endpoints.get(request.build().endpointName()))
                .list(
                        "SageMaker.ListEndpoints",
                        ListEndpointsRequest::builder,
                        new Listing<>(
                                endpoints,
                                "Endpoints",
                                SdkCodec.summary(EndpointSummary.builder()),
                                "CreationTime",
                                true)::answer)
                .on("SageMaker.UpdateEndpoint", UpdateEndpointRequest::builder, request -> update(request.build()))
                .on(
                        "SageMaker.UpdateEndpointWeightsAndCapacities",
                        UpdateEndpointWeightsAndCapacitiesRequest::builder,
                        request -> rescale(request.build()))
                .on("SageMaker.DeleteEndpoint", DeleteEndpointRequest::builder, request -> delete(request.build()));
    }

    public void resume() {
        endpoints.all().forEach(this::start);
    }

    private CreateEndpointResponse create(CreateEndpointRequest request) {
        var arn = parts.estate().kinds().arn(endpoints.kind(), request.endpointName());
        if (endpoints.find(request.endpointName()).isPresent()) {
            throw alreadyExists(arn);
        }
        check(request.deploymentConfig());
        parts.estate().configs().get(request.endpointConfigName());
        var now = parts.clock().instant();
        var endpoint = DescribeEndpointResponse.builder()
                .endpointName(request.endpointName())
                .endpointArn(arn)
                .endpointConfigName(request.endpointConfigName())
                .endpointStatus(EndpointStatus.CREATING)
                .creationTime(now)
                .lastModifiedTime(now)
                .build();
        if (!endpoints.add(endpoint, Tags.map(request.tags()))) {
            throw alreadyExists(arn);
        }
        start(endpoint);
        return CreateEndpointResponse.builder().endpointArn(arn).build();
    }

    private UpdateEndpointResponse update(UpdateEndpointRequest request) {
        check(request.deploymentConfig());
        endpoints.get(request.endpointName());
        parts.estate().configs().get(request.endpointConfigName());
        var updated = change(
                request.endpointName(),
                endpoint -> endpoint.toBuilder()
                        .endpointStatus(EndpointStatus.UPDATING)
                        .failureReason(null)
                        .pendingDeploymentSummary(PendingDeploymentSummary.builder()
                                .endpointConfigName(request.endpointConfigName())
                                .startTime(parts.clock().instant())
                                .build())
                        .build());
        return UpdateEndpointResponse.builder()
                .endpointArn(updated.endpointArn())
                .build();
    }

    private UpdateEndpointWeightsAndCapacitiesResponse rescale(UpdateEndpointWeightsAndCapacitiesRequest request) {
        var updated = change(
                request.endpointName(),
                endpoint -> endpoint.toBuilder()
                        .endpointStatus(EndpointStatus.UPDATING)
                        .productionVariants(desired(endpoint, request.desiredWeightsAndCapacities()))
                        .build());
        return UpdateEndpointWeightsAndCapacitiesResponse.builder()
                .endpointArn(updated.endpointArn())
                .build();
    }

    private DeleteEndpointResponse delete(DeleteEndpointRequest request) {
        endpoints.update(request.endpointName(), endpoint -> {
            if (endpoint.endpointStatus() != EndpointStatus.IN_SERVICE
                    && endpoint.endpointStatus() != EndpointStatus.FAILED) {
                throw inProgress(endpoint);
            }
            return endpoint.toBuilder()
                    .endpointStatus(EndpointStatus.DELETING)
                    .lastModifiedTime(parts.clock().instant())
                    .build();
        });
        return DeleteEndpointResponse.builder().build();
    }

    private DescribeEndpointResponse change(String name, UnaryOperator<DescribeEndpointResponse> change) {
        return endpoints.update(name, endpoint -> {
            if (endpoint.endpointStatus() == EndpointStatus.FAILED) {
                throw Refusal.validation("Cannot update endpoint \"%s\" in status Failed; it can only be deleted."
                        .formatted(endpoint.endpointArn()));
            }
            if (endpoint.endpointStatus() != EndpointStatus.IN_SERVICE) {
                throw inProgress(endpoint);
            }
            return change.apply(endpoint).toBuilder()
                    .lastModifiedTime(parts.clock().instant())
                    .build();
        });
    }

    private static List<ProductionVariantSummary> desired(
            DescribeEndpointResponse endpoint, List<DesiredWeightAndCapacity> changes) {
        var variants = new ArrayList<>(endpoint.productionVariants());
        for (var wanted : changes) {
            var index = variants.stream()
                    .map(ProductionVariantSummary::variantName)
                    .toList()
                    .indexOf(wanted.variantName());
            if (index < 0) {
                throw Refusal.validation("Variant(s) \"[%s]\" not found.".formatted(wanted.variantName()));
            }
            var variant = variants.get(index).toBuilder();
            if (wanted.desiredWeight() != null) {
                variant.desiredWeight(wanted.desiredWeight());
            }
            if (wanted.desiredInstanceCount() != null) {
                variant.desiredInstanceCount(wanted.desiredInstanceCount());
            }
            variants.set(index, variant.build());
        }
        return variants;
    }

    private static void check(@Nullable DeploymentConfig deployment) {
        if (deployment == null) {
            return;
        }
        var policy = deployment.blueGreenUpdatePolicy();
        if (deployment.rollingUpdatePolicy() != null
                || deployment.autoRollbackConfiguration() != null
                || (policy != null
                        && policy.trafficRoutingConfiguration().type() != TrafficRoutingConfigType.ALL_AT_ONCE)) {
            throw Refusal.validation("DeploymentConfig other than BlueGreenUpdatePolicy ALL_AT_ONCE is not offered by"
                    + " this engine.");
        }
    }

    private void start(DescribeEndpointResponse endpoint) {
        parts.runs().start(new EndpointRun(endpoint.endpointName(), parts, fleets));
    }

    private static Refusal inProgress(DescribeEndpointResponse endpoint) {
        return Refusal.validation("Cannot update in-progress endpoint \"%s\".".formatted(endpoint.endpointArn()));
    }

    private static Refusal alreadyExists(String arn) {
        return Refusal.validation("Cannot create already existing endpoint \"%s\".".formatted(arn));
    }
}
