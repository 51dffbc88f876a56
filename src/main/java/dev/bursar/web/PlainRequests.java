package dev.bursar.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/**
 * Refuses addresses and queries that mean something else to one reader than to another, or that nothing we keep can contain:
 * letters and digits in percent signs, control characters, bytes that are no text. This holds for every address, also where
 * nobody reads the query. What is allowed is decided later, by the handler; this only keeps spellings from mattering.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PlainRequests extends OncePerRequestFilter {

    /** The characters that no client writes in percent signs, as RFC 3986 advises; all but the tilde, which old ones do. */
    private static final Pattern DISGUISED =
            Pattern.compile("%(2[dDeE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aA])");

    private static final String NO_TEXT = "is not text in UTF-8";
    private final ProblemWriter problems;

    PlainRequests(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            requirePlainPath(request.getRequestURI());
            requirePlainQuery(request.getQueryString());
        } catch (Problem problem) {
            problems.write(response, problem);
            return;
        }
        chain.doFilter(request, response);
    }

    private static void requirePlainPath(String path) {
        if (DISGUISED.matcher(path).find()) {
            throw Problem.invalid("address", "write letters, digits and - . _ as they are, without percent signs");
        }
        requireText("address", path);
    }

    private static void requirePlainQuery(@org.jspecify.annotations.Nullable String query) {
        if (query == null) {
            return;
        }
        for (var parameter : query.replace('+', ' ').split("&", -1)) {
            var name = parameter.split("=", 2)[0];
            requireText("query", name);
            requireText(decoded("query", name), parameter);
        }
    }

    private static void requireText(String field, String encoded) {
        if (decoded(field, encoded).codePoints().anyMatch(Character::isISOControl)) {
            throw Problem.invalid(field, "contains a control character");
        }
    }

    private static String decoded(String field, String encoded) {
        try {
            var bytes = UriUtils.decode(encoded, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw Problem.invalid(field, NO_TEXT);
        }
    }
}
