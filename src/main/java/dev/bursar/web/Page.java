package dev.bursar.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * One page of a list.
 *
 * @param next what to send as {@code cursor} for the page after this one; absent on the last
 */
public record Page<T>(
        List<T> items,

        @Schema(description = "cursor of the next page, absent on the last") @Nullable String next) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 200;

    /** A page of at most {@code limit} out of rows that were read with one more than that. */
    public static <T> Page<T> of(List<T> oneMore, int limit, Function<T, String> cursor) {
        if (oneMore.size() <= limit) {
            return new Page<>(List.copyOf(oneMore), null);
        }
        var items = List.copyOf(oneMore.subList(0, limit));
        return new Page<>(items, cursor.apply(items.get(items.size() - 1)));
    }

    public static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return DEFAULT_LIMIT;
        }
        if (asked < 1 || asked > MAX_LIMIT) {
            throw Problem.invalid("limit", "must be between 1 and " + MAX_LIMIT + ", not " + asked);
        }
        return asked;
    }

    /** The page with its {@code Link: rel="next"}. */
    public ResponseEntity<Page<T>> answer() {
        var answer = ResponseEntity.ok();
        if (next != null) {
            var address = ServletUriComponentsBuilder.fromCurrentRequest()
                    .replaceQueryParam("cursor", next)
                    .toUriString();
            answer.header(HttpHeaders.LINK, "<" + address + ">; rel=\"next\"");
        }
        return answer.body(this);
    }
}
