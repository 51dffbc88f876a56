// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.sagemaker.model.Endpoint;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterTuningJobSearchEntity;
import software.amazon.awssdk.services.sagemaker.model.SearchRequest;
import software.amazon.awssdk.services.sagemaker.model.TrainingJob;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Search over training jobs, tuning jobs and endpoints: filtered first, then sorted and cut into pages. */
public final class Search {

    private final Map<String, Function<JsonNode, ObjectNode>> searches;

    public Search(Estate estate) {
        searches = Map.of(
                "TrainingJob",
                request -> answer(
                        request,
                        "TrainingJob",
                        estate.training(),
                        json -> SdkCodec.checked(json, TrainingJob.builder())),
                "HyperParameterTuningJob",
                request -> answer(
                        request,
                        "HyperParameterTuningJob",
                        estate.tuning(),
                        json -> SdkCodec.checked(json, HyperParameterTuningJobSearchEntity.builder())),
                "Endpoint",
                request -> answer(
                        request, "Endpoint", estate.endpoints(), json -> SdkCodec.checked(json, Endpoint.builder())));
    }

    public void register(Operations operations) {
        operations.onJson("SageMaker.Search", json -> search(SdkCodec.checked(json, SearchRequest.builder())));
    }

    private ObjectNode search(JsonNode request) {
        var resource = request.path("Resource").asString("");
        return Optional.ofNullable(searches.get(resource))
                .orElseThrow(
                        () -> Refusal.validation("Search for the resource %s is not offered by this engine; it has %s."
                                .formatted(
                                        resource,
                                        searches.keySet().stream().sorted().toList())))
                .apply(request);
    }

    private static <D extends SdkPojo> ObjectNode answer(
            JsonNode request, String member, Resources<D> resources, Function<JsonNode, ObjectNode> shape) {
        var expression = request.path("SearchExpression");
        SearchExpression.check(expression);
        Function<D, ObjectNode> properties = resource -> properties(resources, resource);
        var hits = resources.all().stream()
                .filter(resource -> SearchExpression.matches(expression, properties.apply(resource)))
                .toList();
        var listing = new Listing<D>(
                resources,
                "Results",
                resource -> {
                    var record = SdkCodec.JSON.createObjectNode();
                    record.set(member, shape.apply(properties.apply(resource)));
                    return record;
                },
                "LastModifiedTime",
                true);
        var answer = listing.answer(
                request, hits.stream(), resource -> by -> SearchExpression.sortable(properties.apply(resource), by));
        answer.putObject("TotalHits").put("Value", hits.size()).put("Relation", "EqualTo");
        return answer;
    }

    /** What a resource can be searched by: its description and its tags. */
    private static <D extends SdkPojo> ObjectNode properties(Resources<D> resources, D resource) {
        var json = SdkCodec.encode(resource);
        var tags = json.putArray("Tags");
        Tags.read(resources.folder(resources.kind().name(resource)))
                .forEach((key, value) -> tags.addObject().put("Key", key).put("Value", value));
        return json;
    }
}
