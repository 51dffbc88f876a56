package dev.bursar.contract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** All that answers, out of Spring's own mappings: our operations, the operators' endpoints, the pages of libraries. */
final class SpringHandlers {

    /** An address for each pattern that is none of the contract's. */
    private static final Map<String, String> ADDRESSES = Map.of(
            "/problems/{slug}", "/problems/not-found",
            "/actuator/health/**", "/actuator/health/liveness",
            "/v3/api-docs/{group}", "/v3/api-docs/none");

    private SpringHandlers() {}

    record Handler(String name, String method, String pattern) {

        /** As the contract names it. */
        String operation() {
            return method + " " + pattern.replace("{*", "{");
        }

        String address() {
            return ADDRESSES.getOrDefault(pattern, pattern.contains("*") ? "/swagger-ui/index.html" : pattern);
        }

        @Override
        public String toString() {
            return method + " " + pattern;
        }
    }

    static List<Handler> in(ApplicationContext context) {
        var all = new ArrayList<Handler>();
        context.getBeansOfType(RequestMappingInfoHandlerMapping.class)
                .values()
                .forEach(mapping ->
                        mapping.getHandlerMethods().forEach((info, method) -> all.addAll(handlers(info, method))));
        context.getBeansOfType(AbstractUrlHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMap()
                        .forEach((pattern, handler) ->
                                all.add(new Handler(handler.getClass().getSimpleName(), "GET", pattern))));
        all.sort(Comparator.comparing(Handler::toString));
        return all;
    }

    private static List<Handler> handlers(RequestMappingInfo info, HandlerMethod method) {
        var name = method.getBeanType().getName().startsWith("org.springframework.boot")
                ? method.toString()
                : method.getBeanType().getSimpleName();
        var methods =
                info.getMethodsCondition().getMethods().stream().map(Enum::name).toList();
        return info.getPatternValues().stream()
                .flatMap(pattern -> (methods.isEmpty() ? List.of("GET") : methods)
                        .stream().map(verb -> new Handler(name, verb, pattern)))
                .toList();
    }
}
