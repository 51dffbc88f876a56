// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import dev.bursar.engine.store.Resources;
import dev.bursar.engine.wire.Refusal;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.sagemaker.model.DescribeEndpointResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Endpoints that SageMaker is updating by itself: they serve, but nothing of them can be changed. */
record Upkeep(Resources<DescribeEndpointResponse> endpoints) {

    private static final Set<String> CHANGES =
            Set.of("UpdateEndpoint", "UpdateEndpointWeightsAndCapacities", "DeleteEndpoint");

    void before(String operation, JsonNode request, List<String> updating) {
        var name = request.path("EndpointName").asString("");
        if (CHANGES.contains(operation) && updating.contains(name)) {
            throw Refusal.validation("Cannot update in-progress endpoint \"%s\"."
                    .formatted(endpoints.get(name).endpointArn()));
        }
    }

    static void after(String operation, ObjectNode answer, List<String> updating) {
        if (operation.equals("DescribeEndpoint")) {
            show(answer, updating);
        } else if (operation.equals("ListEndpoints")) {
            answer.path("Endpoints").forEach(endpoint -> show(endpoint, updating));
        }
    }

    private static void show(JsonNode endpoint, List<String> updating) {
        if (endpoint instanceof ObjectNode shown
                && updating.contains(shown.path("EndpointName").asString(""))
                && shown.path("EndpointStatus").asString("").equals("InService")) {
            shown.put("EndpointStatus", "SystemUpdating");
        }
    }
}
