// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.endpoint;

import dev.bursar.engine.nastiness.Usage;
import dev.bursar.engine.store.Estate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import software.amazon.awssdk.services.sagemaker.model.EndpointStatus;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariant;
import software.amazon.awssdk.services.sagemaker.model.ProductionVariantSummary;
import tools.jackson.databind.JsonNode;

/**
 * The instances that endpoints have, by type, and those that a call would add. An update adds the whole new fleet, for
 * it comes up beside the old one.
 */
public final class EndpointUsage implements Usage {

    private final Estate estate;

    public EndpointUsage(Estate estate) {
        this.estate = estate;
    }

    @Override
    public String name() {
        return "endpoint usage";
    }

    @Override
    public Map<String, Integer> added(JsonNode request) {
        var changes = request.path("DesiredWeightsAndCapacities");
        return changes.isArray()
                ? grown(request.path("EndpointName").asString(""), changes)
                : instances(configured(request.path("EndpointConfigName").asString("")));
    }

    @Override
    public int used(String instanceType) {
        return estate.endpoints().all().stream()
                .filter(endpoint -> endpoint.endpointStatus() != EndpointStatus.FAILED)
                .mapToInt(endpoint -> used(endpoint, instanceType))
                .sum();
    }

    private int used(DescribeEndpointResponse endpoint, String instanceType) {
        var pending = endpoint.pendingDeploymentSummary();
        var coming = pending == null ? List.<ProductionVariant>of() : configured(pending.endpointConfigName());
        return serving(endpoint).stream()
                        .filter(variant -> instanceType.equals(variant.instanceTypeAsString()))
                        .mapToInt(variant -> count(endpoint, variant))
                        .sum()
                + instances(coming).getOrDefault(instanceType, 0);
    }

    /** What more capacity than now takes, variant by variant; less gives nothing to the others. */
    private Map<String, Integer> grown(String name, JsonNode changes) {
        var grown = new TreeMap<String, Integer>();
        estate.endpoints()
                .find(name)
                .ifPresent(endpoint -> serving(endpoint)
                        .forEach(variant -> changes.forEach(change -> {
                            var isMeant =
                                    change.path("VariantName").asString("").equals(variant.variantName());
                            var more = change.path("DesiredInstanceCount").asInt(0) - count(endpoint, variant);
                            if (isMeant && more > 0 && variant.instanceType() != null) {
                                grown.merge(variant.instanceTypeAsString(), more, Integer::sum);
                            }
                        })));
        return grown;
    }

    /** The variants that serve, as they were when they came up: the configuration may be gone since. */
    private List<ProductionVariant> serving(DescribeEndpointResponse endpoint) {
        try {
            var fleet = new Generations(estate.endpoints().folder(endpoint.endpointName())).serving();
            return fleet.isEmpty()
                    ? configured(endpoint.endpointConfigName())
                    : Fleet.members(fleet.get()).stream()
                            .map(Fleet.Member::variant)
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<ProductionVariant> configured(String config) {
        return estate.configs()
                .find(config)
                .map(found -> found.productionVariants())
                .orElse(List.of());
    }

    private static Map<String, Integer> instances(List<ProductionVariant> variants) {
        var instances = new TreeMap<String, Integer>();
        variants.stream()
                .filter(variant -> variant.instanceType() != null)
                .forEach(variant ->
                        instances.merge(variant.instanceTypeAsString(), variant.initialInstanceCount(), Integer::sum));
        return instances;
    }

    private static int count(DescribeEndpointResponse endpoint, ProductionVariant variant) {
        return endpoint.productionVariants().stream()
                .filter(one -> variant.variantName().equals(one.variantName()))
                .map(ProductionVariantSummary::desiredInstanceCount)
                .flatMap(count -> Optional.ofNullable(count).stream())
                .findFirst()
                .orElseGet(() ->
                        Optional.ofNullable(variant.initialInstanceCount()).orElse(0));
    }
}
