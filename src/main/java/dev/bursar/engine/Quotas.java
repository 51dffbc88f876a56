package dev.bursar.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.databind.JsonNode;

/** The account's limits of instances per type: what the jobs that have not ended use, and what a new one may. */
final class Quotas {

    private static final Set<String> ENDED = Set.of("Completed", "Failed", "Stopped");

    private final Map<String, Usage<?>> usages;

    Quotas(Estate estate) {
        usages = Map.of(
                "CreateTrainingJob",
                new Usage<>(estate.training(), "training job usage", List.of("ResourceConfig")),
                "CreateProcessingJob",
                new Usage<>(
                        estate.processing(), "processing job usage", List.of("ProcessingResources", "ClusterConfig")),
                "CreateTransformJob",
                new Usage<>(estate.transform(), "transform job usage", List.of("TransformResources")));
    }

    /** What jobs of a kind use, and where their descriptions and requests say how much. */
    private record Usage<D extends SdkPojo>(Resources<D> jobs, String name, List<String> path) {

        int of(String instanceType) {
            return jobs.all().stream()
                    .filter(job -> !ENDED.contains(jobs.kind().status(job)))
                    .map(job -> wanted(SdkCodec.encode(job)))
                    .filter(wanted -> wanted.path("InstanceType").asString("").equals(instanceType))
                    .mapToInt(wanted -> wanted.path("InstanceCount").asInt(0))
                    .sum();
        }

        JsonNode wanted(JsonNode description) {
            var wanted = description;
            for (var member : path) {
                wanted = wanted.path(member);
            }
            return wanted;
        }
    }

    /** Refuses a job that would take more instances of its type than the limits, named as AWS does, allow. */
    void check(String operation, JsonNode request, Map<String, Integer> limits) {
        Optional.ofNullable(usages.get(operation)).ifPresent(usage -> {
            var wanted = usage.wanted(request);
            var type = wanted.path("InstanceType").asString("");
            var limit = "%s for %s".formatted(type, usage.name());
            var most = limits.getOrDefault(limit, Integer.MAX_VALUE);
            var more = wanted.path("InstanceCount").asInt(0);
            var used = most == Integer.MAX_VALUE ? 0 : usage.of(type);
            if ((long) used + more > most) {
                throw new Refusal(new WireError(
                        400,
                        "ResourceLimitExceeded",
                        "The account-level service limit '%s' is %d Instances, with current utilization of %d Instances and a request delta of %d Instances. Please contact AWS support to request an increase for this limit."
                                .formatted(limit, most, used, more)));
            }
        });
    }
}
