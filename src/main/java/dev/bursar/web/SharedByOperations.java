package dev.bursar.web;

import dev.bursar.core.Caller;
import dev.bursar.core.Money;
import dev.bursar.core.Role;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** Adds to every operation of the published interface what no controller should have to say: who may, and what goes wrong. */
@Component
class SharedByOperations implements OperationCustomizer {

    static final String LEAST_ROLE = "x-least-role";
    static final String OR_BUDGETS_WRITE = "x-or-budgets-write";
    private static final String PROBLEM_JSON = "application/problem+json";

    SharedByOperations() {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Caller.class)
                .replaceWithClass(Money.class, BigDecimal.class);
    }

    @Override
    public Operation customize(Operation operation, HandlerMethod handler) {
        var allowed = handler.getMethodAnnotation(Allowed.class);
        if (allowed == null) {
            return operation;
        }
        operation.addExtension(LEAST_ROLE, allowed.value().name().toLowerCase(Locale.ROOT));
        if (allowed.orMayFund()) {
            operation.addExtension(OR_BUDGETS_WRITE, true);
        }
        parameters(operation).stream()
                .filter(parameter -> Once.HEADER.equals(parameter.getName()))
                .forEach(key -> explain(key, operation));
        operation.setResponses(withProblems(operation, allowed.value()));
        return operation;
    }

    private static void explain(Parameter key, Operation operation) {
        key.setDescription("Makes the request safe to repeat: with the same key and body it is answered with the first "
                + "answer and Idempotent-Replay: true, with another body 422. Kept for 7 days.");
        if (key.getExample() == null) {
            key.setExample(operation.getOperationId() + "-2026-11-25");
        }
    }

    private static ApiResponses withProblems(Operation operation, Role least) {
        var responses = new TreeMap<String, ApiResponse>(operation.getResponses());
        responses.forEach((status, response) -> {
            if (status.startsWith("4")) {
                response.setContent(problem());
            }
        });
        var hasBody = operation.getRequestBody() != null;
        if (hasBody || !parameters(operation).isEmpty()) {
            responses.putIfAbsent("400", shared("InvalidRequest"));
        }
        responses.putIfAbsent("401", shared("Unauthenticated"));
        if (least != Role.VIEWER) {
            responses.putIfAbsent("403", shared("Forbidden"));
        }
        if (namesSomething(operation) || (hasBody && least != Role.ADMIN)) {
            responses.putIfAbsent("404", shared("NotFound"));
        }
        if (hasBody) {
            responses.putIfAbsent("413", shared("TooLarge"));
            responses.putIfAbsent("415", shared("UnsupportedMediaType"));
        }
        if (parameters(operation).stream().anyMatch(parameter -> Once.HEADER.equals(parameter.getName()))) {
            responses.putIfAbsent("422", shared("IdempotencyKeyReused"));
        }
        responses.put("default", shared("AnyOther"));
        var all = new ApiResponses();
        all.putAll(responses);
        return all;
    }

    private static boolean namesSomething(Operation operation) {
        return parameters(operation).stream()
                .anyMatch(parameter -> "path".equals(parameter.getIn()) || "lab".equals(parameter.getName()));
    }

    private static List<Parameter> parameters(Operation operation) {
        return Objects.requireNonNullElse(operation.getParameters(), List.of());
    }

    private static ApiResponse shared(String name) {
        return new ApiResponse().$ref("#/components/responses/" + name);
    }

    static Content problem() {
        return new Content()
                .addMediaType(
                        PROBLEM_JSON, new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem")));
    }
}
