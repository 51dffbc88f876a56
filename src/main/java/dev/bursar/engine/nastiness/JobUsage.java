// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import dev.bursar.engine.store.Resources;
import dev.bursar.engine.wire.SdkCodec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.databind.JsonNode;

/** What jobs of a kind use until they have ended, and where their descriptions and requests say how much. */
record JobUsage<D extends SdkPojo>(Resources<D> jobs, String name, List<String> path) implements Usage {

    private static final Set<String> ENDED = Set.of("Completed", "Failed", "Stopped");

    @Override
    public Map<String, Integer> added(JsonNode request) {
        var wanted = wanted(request);
        return Map.of(
                wanted.path("InstanceType").asString(""),
                wanted.path("InstanceCount").asInt(0));
    }

    @Override
    public int used(String instanceType) {
        return jobs.all().stream()
                .filter(job -> !ENDED.contains(jobs.kind().status(job)))
                .map(job -> wanted(SdkCodec.encode(job)))
                .filter(wanted -> wanted.path("InstanceType").asString("").equals(instanceType))
                .mapToInt(wanted -> wanted.path("InstanceCount").asInt(0))
                .sum();
    }

    private JsonNode wanted(JsonNode description) {
        var wanted = description;
        for (var member : path) {
            wanted = wanted.path(member);
        }
        return wanted;
    }
}
