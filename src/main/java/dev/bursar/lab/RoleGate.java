package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets a handler run only for a caller whose role covers what it asks. It judges the handler that Spring has found, and never
 * the text of the address, which can be spelt in many ways; a handler that asks nothing and is not {@link OpenToAll} runs for
 * nobody.
 */
final class RoleGate implements HandlerInterceptor {

    /** Spring answers OPTIONS by itself, with the methods of the address and nothing else. */
    private static final String METHODS_OF_AN_ADDRESS =
            "org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping$HttpOptionsHandler";

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (OpenToAll.includes(handler)) {
            return true;
        }
        var caller = (Caller) request.getAttribute(KeyFilter.CALLER);
        if (caller == null) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            throw new Problem(ProblemType.UNAUTHENTICATED, "This needs Authorization: Bearer with an API key.");
        }
        if (!OpenToAll.nameOf(handler).equals(METHODS_OF_AN_ADDRESS)) {
            requireRole(caller, asked(handler).orElseThrow(RoleGate::nothingThere));
        }
        return true;
    }

    private static void requireRole(Caller caller, Allowed asked) {
        if (!caller.role().covers(asked.value()) && !(asked.orMayFund() && caller.mayFund())) {
            throw new Problem(
                    ProblemType.FORBIDDEN,
                    "This needs the role " + named(asked.value()) + "; your key has the role " + named(caller.role())
                            + ".");
        }
    }

    private static Optional<Allowed> asked(Object handler) {
        @Nullable Allowed asked =
                handler instanceof HandlerMethod operation ? operation.getMethodAnnotation(Allowed.class) : null;
        return Optional.ofNullable(asked);
    }

    private static Problem nothingThere() {
        return new Problem(ProblemType.NOT_FOUND, "There is nothing at this address that you may see.");
    }

    private static String named(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
