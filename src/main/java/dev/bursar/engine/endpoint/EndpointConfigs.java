// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.store.Listing;
import dev.bursar.engine.store.Resources;
import dev.bursar.engine.store.Tags;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.sagemaker.model.CreateEndpointConfigRequest;
import software.amazon.awssdk.services.sagemaker.model.CreateEndpointConfigResponse;
import software.amazon.awssdk.services.sagemaker.model.DeleteEndpointConfigRequest;
import software.amazon.awssdk.services.sagemaker.model.DeleteEndpointConfigResponse;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointConfigRequest;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointConfigResponse;
import software.amazon.awssdk.services.sagemaker.model.EndpointConfigSummary;
import software.amazon.awssdk.services.sagemaker.model.ListEndpointConfigsRequest;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;

/** The operations on endpoint configurations, which never change. */
public final class EndpointConfigs {

    private static final Map<String, Predicate<CreateEndpointConfigRequest>> NOT_OFFERED = new LinkedHashMap<>();

    static {
        NOT_OFFERED.put("ShadowProductionVariants", CreateEndpointConfigRequest::hasShadowProductionVariants);
        NOT_OFFERED.put("AsyncInferenceConfig", request -> request.asyncInferenceConfig() != null);
        NOT_OFFERED.put("DataCaptureConfig", request -> request.dataCaptureConfig() != null);
        NOT_OFFERED.put("ExplainerConfig", request -> request.explainerConfig() != null);
    }

    private final Resources<DescribeEndpointConfigResponse> configs;
    private final RunParts parts;

    public EndpointConfigs(RunParts parts) {
        this.configs = parts.estate().configs();
        this.parts = parts;
    }

    public void register(Operations operations) {
        operations
                .on(
                        "SageMaker.CreateEndpointConfig",
                        CreateEndpointConfigRequest::builder,
                        request -> create(request.build()))
                .on(
                        "SageMaker.DescribeEndpointConfig",
                        DescribeEndpointConfigRequest::builder,
                        request -> configs.get(request.build().endpointConfigName()))
                .list(
                        "SageMaker.ListEndpointConfigs",
                        ListEndpointConfigsRequest::builder,
                        new Listing<>(
                                configs,
                                "EndpointConfigs",
                                SdkCodec.summary(EndpointConfigSummary.builder()),
                                "CreationTime",
                                true)::answer)
                .on("SageMaker.DeleteEndpointConfig", DeleteEndpointConfigRequest::builder, request -> {
                    configs.remove(request.build().endpointConfigName(), config -> {});
                    return DeleteEndpointConfigResponse.builder().build();
                });
    }

    private CreateEndpointConfigResponse create(CreateEndpointConfigRequest request) {
        var arn = parts.estate().kinds().arn(configs.kind(), request.endpointConfigName());
        if (configs.find(request.endpointConfigName()).isPresent()) {
            throw alreadyExists(arn);
        }
        NOT_OFFERED.forEach((member, isUsed) -> {
            if (isUsed.test(request)) {
                throw Refusal.validation("%s is not offered by this engine.".formatted(member));
            }
        });
        var names = request.productionVariants().stream()
                .map(ProductionVariant::variantName)
                .toList();
        if (names.size() != names.stream().distinct().count()) {
            throw Refusal.validation("The names of production variants must be unique, not %s.".formatted(names));
        }
        request.productionVariants().forEach(this::check);
        var config = SdkCodec.copy(request, DescribeEndpointConfigResponse.builder())
                .endpointConfigArn(arn)
                .creationTime(parts.clock().instant())
                .productionVariants(request.productionVariants().stream()
                        .map(variant -> variant.toBuilder()
                                .initialVariantWeight(Optional.ofNullable(variant.initialVariantWeight())
                                        .orElse(1f))
                                .build())
                        .toList())
                .build();
        if (!configs.add(config, Tags.map(request.tags()))) {
            throw alreadyExists(arn);
        }
        return CreateEndpointConfigResponse.builder().endpointConfigArn(arn).build();
    }

    private void check(ProductionVariant variant) {
        if (variant.modelName() == null) {
            throw Refusal.validation("The production variant %s has no ModelName; inference components are not"
                            .formatted(variant.variantName())
                    + " offered by this engine.");
        }
        parts.estate().models().get(variant.modelName());
        var hasInstances = variant.instanceType() != null && variant.initialInstanceCount() != null;
        if (hasInstances == (variant.serverlessConfig() != null)) {
            throw Refusal.validation(
                    "The production variant %s must have either InstanceType and InitialInstanceCount or a ServerlessConfig."
                            .formatted(variant.variantName()));
        }
    }

    private static Refusal alreadyExists(String arn) {
        return Refusal.validation("Cannot create already existing endpoint configuration \"%s\".".formatted(arn));
    }
}
