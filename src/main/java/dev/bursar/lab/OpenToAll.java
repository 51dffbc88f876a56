package dev.bursar.lab;

import java.util.Set;
import org.springframework.web.method.HandlerMethod;

/**
 * What answers without a key, by the names of the handlers; what is not named here is closed. An operator's endpoint is
 * known by what Spring calls it, because all of them share one class: another one that a setting exposes stays closed.
 */
final class OpenToAll {

    private static final String OF_OPERATORS = "org.springframework.boot.webmvc.actuate.";

    private static final Set<String> NAMES = Set.of(
            "dev.bursar.web.ProblemController",
            "Actuator web endpoint 'health'",
            "Actuator web endpoint 'health-path'",
            "Actuator web endpoint 'prometheus'",
            "org.springdoc.webmvc.api.OpenApiWebMvcResource",
            "org.springdoc.webmvc.ui.SwaggerConfigResource",
            "org.springdoc.webmvc.ui.SwaggerWelcomeWebMvc",
            "org.springframework.web.servlet.resource.ResourceHttpRequestHandler");

    private OpenToAll() {}

    static boolean includes(Object handler) {
        return NAMES.contains(nameOf(handler));
    }

    static String nameOf(Object handler) {
        if (!(handler instanceof HandlerMethod operation)) {
            return handler.getClass().getName();
        }
        var type = operation.getBeanType().getName();
        return type.startsWith(OF_OPERATORS) ? operation.toString() : type;
    }
}
