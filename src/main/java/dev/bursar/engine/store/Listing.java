// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import dev.bursar.engine.wire.SdkCodec;
import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The List operation of a kind with SageMaker's quirk: the page is cut first and filtered afterwards, so that it may be
 * empty while a token says there is more. A token names the last resource looked at, by its sort key, so those that come
 * in between neither repeat nor hide others.
 *
 * @param resources what is listed
 * @param member the member of the response that holds the summaries
 * @param summary what is shown of each
 * @param sortBy how it is sorted unless asked otherwise
 * @param descending whether the default order is that
 */
public record Listing<D extends SdkPojo>(
        Resources<D> resources, String member, Function<D, ObjectNode> summary, String sortBy, boolean descending) {

    private static final int PAGE = 10;

    /** A resource and where it stands. */
    private record Row<D>(SortKey key, D resource) {}

    public ObjectNode answer(JsonNode request) {
        return resources
                .sorted(sortBy(request))
                .map(keys -> page(rows(keys, request), request))
                .orElseGet(() -> answer(request, resources.all().stream(), this::key));
    }

    /** The same on a part of the resources, in an order of their own where the request names one. */
    public ObjectNode answer(JsonNode request, Stream<D> candidates, Function<D, Function<String, String>> sortValue) {
        var by = sortBy(request);
        var order = isDescending(request) ? SortKey.ORDER.reversed() : SortKey.ORDER;
        var after = after(request);
        var rows = candidates
                .map(resource -> new Row<>(
                        new SortKey(
                                sortValue.apply(resource).apply(by),
                                resources.kind().name(resource)),
                        resource))
                .filter(row -> after.isEmpty() || order.compare(row.key(), after.get()) > 0)
                .sorted(Comparator.comparing(Row::key, order));
        return page(rows, request);
    }

    Function<String, String> key(D resource) {
        return by -> switch (by) {
            case "Name" -> resources.kind().name(resource);
            case "Status" -> resources.kind().status(resource);
            default -> SortKey.text(resources.kind().creationTime(resource));
        };
    }

    private Stream<Row<D>> rows(NavigableSet<SortKey> keys, JsonNode request) {
        var ordered = isDescending(request) ? keys.descendingSet() : keys;
        var rest = after(request).map(token -> ordered.tailSet(token, false)).orElse(ordered);
        return rest.stream().flatMap(key -> resources.find(key.name()).map(found -> new Row<>(key, found)).stream());
    }

    private ObjectNode page(Stream<Row<D>> rows, JsonNode request) {
        var limit = request.path("MaxResults").asInt(PAGE);
        var rest = rows.limit(limit + 1L).toList();
        var page = rest.subList(0, Math.min(limit, rest.size()));
        var answer = SdkCodec.JSON.createObjectNode();
        var summaries = answer.putArray(member);
        page.stream().map(Row::resource).filter(isWanted(request)).map(summary).forEach(summaries::add);
        if (rest.size() > limit) {
            answer.put("NextToken", page.get(limit - 1).key().toToken());
        }
        return answer;
    }

    private String sortBy(JsonNode request) {
        return request.path("SortBy").asString(sortBy);
    }

    private boolean isDescending(JsonNode request) {
        return request.has("SortOrder") ? request.path("SortOrder").asString("").equals("Descending") : descending;
    }

    private static Optional<SortKey> after(JsonNode request) {
        return Optional.ofNullable(request.get("NextToken")).map(token -> SortKey.fromToken(token.asString("")));
    }

    private Predicate<D> isWanted(JsonNode request) {
        var kind = resources.kind();
        return resource -> isBetween(kind.creationTime(resource), request, "CreationTime")
                && isBetween(kind.lastModifiedTime(resource), request, "LastModifiedTime")
                && kind.name(resource).contains(request.path("NameContains").asString(""))
                && (!request.has("StatusEquals")
                        || request.path("StatusEquals").asString("").equals(kind.status(resource)))
                && !request.has("WarmPoolStatusEquals")
                && !request.has("TrainingPlanArnEquals");
    }

    private static boolean isBetween(Instant time, JsonNode request, String member) {
        return bound(request, member + "After").map(time::isAfter).orElse(true)
                && bound(request, member + "Before").map(time::isBefore).orElse(true);
    }

    private static Optional<Instant> bound(JsonNode request, String member) {
        return Optional.ofNullable(request.get(member))
                .filter(JsonNode::isNumber)
                .map(number -> Instant.ofEpochMilli(
                        number.decimalValue().movePointRight(3).longValue()));
    }
}
