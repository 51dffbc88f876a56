package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
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
    private static final Pattern NAME = Pattern.compile("[\\x20-\\x7e]{1,200}");

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
            identify(request, id);
        } catch (Problem refused) {
            problems.write(response, refused);
            MDC.remove("request");
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove("request");
        }
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    /** Without a key there is no caller: what is open to everybody needs none. */
    private void identify(HttpServletRequest request, String requestId) {
        var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || request.getAttribute(CALLER) != null) {
            return;
        }
        var now = clock.instant();
        var key = key(authorization).filter(found -> found.isValid(now)).orElseThrow(KeyFilter::unknownKey);
        var member = members.findById(key.memberKey())
                .filter(found -> !found.hasLeft())
                .orElseThrow(KeyFilter::unknownKey);
        var person = request.getHeader(ON_BEHALF_OF);
        request.setAttribute(
                CALLER,
                new Caller(
                        member.lab(),
                        member.id(),
                        member.role(),
                        key.mayFund(),
                        key.id(),
                        person == null ? null : represented(person, member, key),
                        requestId));
    }

    private Optional<ApiKey> key(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? keys.findByHash(
                        new Secret(authorization.substring(BEARER.length()).strip()).hash())
                : Optional.empty();
    }

    /** Portals say for whom they act, and are believed; anybody else's word would put other people's names into the audit log. */
    private static String represented(String person, Member member, ApiKey key) {
        if (member.role() != Role.ADMIN && !key.mayFund()) {
            throw new Problem(
                    ProblemType.FORBIDDEN,
                    ON_BEHALF_OF
                            + " is for portals: an admin's key, or one with budgetsWrite. Yours acts for its own member.");
        }
        if (!NAME.matcher(person).matches()) {
            throw Problem.invalid(ON_BEHALF_OF, "has 1 to 200 printable characters of ASCII");
        }
        return person;
    }

    private static Problem unknownKey() {
        var problem = new Problem(
                ProblemType.UNAUTHENTICATED,
                "This needs Authorization: Bearer with a valid API key; yours is missing, unknown, expired or revoked.");
        problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return problem;
    }

    private static Optional<String> harmless(@Nullable String header) {
        return Optional.ofNullable(header).filter(text -> HARMLESS.matcher(text).matches());
    }
}
