// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import dev.bursar.engine.store.Estate;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.WireError;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The account's limits of instances per type: what there is, and what a call may add. */
public final class Quotas {

    private final Map<String, Usage> usages;

    public Quotas(Estate estate, Usage endpoints) {
        usages = Map.of(
                "CreateTrainingJob",
                new JobUsage<>(estate.training(), "training job usage", List.of("ResourceConfig")),
                "CreateProcessingJob",
                new JobUsage<>(
                        estate.processing(), "processing job usage", List.of("ProcessingResources", "ClusterConfig")),
                "CreateTransformJob",
                new JobUsage<>(estate.transform(), "transform job usage", List.of("TransformResources")),
                "CreateEndpoint",
                endpoints,
                "UpdateEndpoint",
                endpoints,
                "UpdateEndpointWeightsAndCapacities",
                endpoints);
    }

    boolean concern(String operation) {
        return usages.containsKey(operation);
    }

    /** Refuses a call that would add more instances of a type than the limits, named as AWS does, allow. */
    void check(String operation, JsonNode request, Map<String, Integer> limits) {
        var usage = usages.get(operation);
        if (usage != null) {
            usage.added(request).forEach((type, more) -> check(usage, type, more, limits));
        }
    }

    private static void check(Usage usage, String type, int more, Map<String, Integer> limits) {
        var limit = "%s for %s".formatted(type, usage.name());
        var most = limits.getOrDefault(limit, Integer.MAX_VALUE);
        var used = most == Integer.MAX_VALUE ? 0 : usage.used(type);
        if ((long) used + more > most) {
            throw new Refusal(new WireError(
                    400,
                    "ResourceLimitExceeded",
                    "The account-level service limit '%s' is %d Instances, with current utilization of %d Instances and a request delta of %d Instances. Please contact AWS support to request an increase for this limit."
                            .formatted(limit, most, used, more)));
        }
    }
}
