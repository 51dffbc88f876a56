package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import dev.bursar.web.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Turns the key of a request into its caller, and gives every request an id. */
class KeyFilter extends OncePerRequestFilter {

    static final String CALLER = Caller.class.getName();
    private static final String REQUEST_ID = "X-Request-Id";
    private static final String ON_BEHALF_OF = "On-Behalf-Of";
    private static final String BEARER = "Bearer ";
    private static final Pattern HARMLESS = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final ApiKeyRepository keys;
    private final MemberRepository members;
    private final ProblemWriter problems;
    private final Clock clock;

    KeyFilter(ApiKeyRepository keys, MemberRepository members, ProblemWriter problems, Clock clock) {
        this.keys = keys;
        this.members = members;
        this.problems = problems;
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var id = harmless(request.getHeader(REQUEST_ID))
                .orElseGet(() -> UUID.randomUUID().toString());
        response.setHeader(REQUEST_ID, id);
        MDC.put("request", id);
        try {
            var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
            if (authorization != null) {
                var caller = caller(authorization, request, id);
                if (caller.isEmpty()) {
                    refuse(response);
                    return;
                }
                request.setAttribute(CALLER, caller.get());
            }
            chain.doFilter(request, response);
        } finally {
            MDC.remove("request");
        }
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    private Optional<Caller> caller(String authorization, HttpServletRequest request, String requestId) {
        if (request.getAttribute(CALLER) instanceof Caller already) {
            return Optional.of(already);
        }
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        var secret = new Secret(authorization.substring(BEARER.length()).strip());
        return keys.findByHash(secret.hash())
                .filter(key -> key.isValid(clock.instant()))
                .flatMap(key -> members.findById(key.memberKey())
                        .filter(member -> !member.hasLeft())
                        .map(member -> new Caller(
                                member.lab(),
                                member.id(),
                                member.role(),
                                key.mayFund(),
                                key.id(),
                                harmless(request.getHeader(ON_BEHALF_OF)).orElse(null),
                                requestId)));
    }

    void refuse(HttpServletResponse response) throws IOException {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        problems.write(
                response,
                new Problem(
                        ProblemType.UNAUTHENTICATED,
                        "This needs Authorization: Bearer with a valid API key; yours is missing, unknown, expired or revoked."));
    }

    private static Optional<String> harmless(@Nullable String header) {
        return Optional.ofNullable(header).filter(text -> HARMLESS.matcher(text).matches());
    }
}
