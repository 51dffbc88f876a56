package dev.bursar.engine;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
record Listing<D extends SdkPojo>(
        Resources<D> resources, String member, Function<D, ObjectNode> summary, String sortBy, boolean descending) {

    private static final int PAGE = 10;

    /** What a resource is sorted by: the text of the member asked for, then its name. */
    private record Key(String value, String name) {

        static final Comparator<Key> ORDER = Comparator.comparing(Key::value).thenComparing(Key::name);

        static Key fromToken(String token) {
            try {
                var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
                var parts = text.split("\n", 2);
                if (parts.length == 2) {
                    return new Key(parts[0], parts[1]);
                }
            } catch (IllegalArgumentException e) {
                throw Refusal.validation("Invalid NextToken: " + e.getMessage());
            }
            throw Refusal.validation("Invalid NextToken.");
        }

        String toToken() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((value + "\n" + name).getBytes(StandardCharsets.UTF_8));
        }
    }

    ObjectNode answer(JsonNode request) {
        return answer(request, resources.all().stream(), this::key);
    }

    /** The same on a part of the resources, in an order of their own where the request names one. */
    ObjectNode answer(JsonNode request, Stream<D> candidates, Function<D, Function<String, String>> sortValue) {
        var by = request.path("SortBy").asString(sortBy);
        var isDescending = request.has("SortOrder")
                ? request.path("SortOrder").asString("").equals("Descending")
                : descending;
        var order = isDescending ? Key.ORDER.reversed() : Key.ORDER;
        var after = Optional.ofNullable(request.get("NextToken")).map(token -> Key.fromToken(token.asString("")));
        var limit = request.path("MaxResults").asInt(PAGE);
        Function<D, Key> key = resource ->
                new Key(sortValue.apply(resource).apply(by), resources.kind().name(resource));
        var rest = candidates
                .filter(resource -> after.isEmpty() || order.compare(key.apply(resource), after.get()) > 0)
                .sorted(Comparator.comparing(key, order))
                .limit(limit + 1L)
                .toList();
        var page = rest.subList(0, Math.min(limit, rest.size()));
        return written(
                page,
                request,
                rest.size() > limit ? key.apply(page.get(limit - 1)).toToken() : null);
    }

    Function<String, String> key(D resource) {
        return by -> switch (by) {
            case "Name" -> resources.kind().name(resource);
            case "Status" -> resources.kind().status(resource);
            default -> "%016d".formatted(resources.kind().creationTime(resource).toEpochMilli());
        };
    }

    private ObjectNode written(List<D> page, JsonNode request, @Nullable String token) {
        var answer = SdkCodec.JSON.createObjectNode();
        var summaries = answer.putArray(member);
        page.stream().filter(isWanted(request)).map(summary).forEach(summaries::add);
        if (token != null) {
            answer.put("NextToken", token);
        }
        return answer;
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
