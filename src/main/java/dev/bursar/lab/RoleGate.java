package dev.bursar.lab;

import dev.bursar.core.Caller;
import dev.bursar.core.Role;
import dev.bursar.web.Allowed;
import dev.bursar.web.Problem;
import dev.bursar.web.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Lets an operation of ours run only for a caller whose role covers what it asks; one that asks nothing runs for nobody. */
final class RoleGate implements HandlerInterceptor {

    private static final String OURS = "/api/";

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod operation)
                || !request.getRequestURI().startsWith(OURS)
                || isQuestionAboutMethods(request)) {
            return true;
        }
        var caller = (Caller) request.getAttribute(KeyFilter.CALLER);
        if (caller == null) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            throw new Problem(ProblemType.UNAUTHENTICATED, "This needs Authorization: Bearer with an API key.");
        }
        var allowed = operation.getMethodAnnotation(Allowed.class);
        if (allowed == null) {
            throw new IllegalStateException("an operation without @Allowed: " + operation);
        }
        if (!caller.role().covers(allowed.value()) && !(allowed.orMayFund() && caller.mayFund())) {
            throw new Problem(
                    ProblemType.FORBIDDEN,
                    "This needs the role " + named(allowed.value()) + "; your key has the role " + named(caller.role())
                            + ".");
        }
        return true;
    }

    /** Spring answers OPTIONS by itself, with the methods of the address and nothing else. */
    private static boolean isQuestionAboutMethods(HttpServletRequest request) {
        return "OPTIONS".equals(request.getMethod());
    }

    private static String named(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
