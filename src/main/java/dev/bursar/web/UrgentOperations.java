package dev.bursar.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Tells, before anything is asked of the database, whether a request orders something that is urgent. It decides only
 * whose connections are used; who may do what is decided elsewhere.
 */
@Component
class UrgentOperations {

    private final List<RequestMappingInfo> urgent;

    UrgentOperations(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping operations) {
        this.urgent = operations.getHandlerMethods().entrySet().stream()
                .filter(operation -> operation.getValue().hasMethodAnnotation(Urgent.class))
                .map(java.util.Map.Entry::getKey)
                .toList();
    }

    boolean have(HttpServletRequest request) {
        if ("GET".equals(request.getMethod())) {
            return false;
        }
        ServletRequestPathUtils.parseAndCache(request);
        return urgent.stream().anyMatch(operation -> isOf(operation, request));
    }

    private static boolean isOf(RequestMappingInfo operation, HttpServletRequest request) {
        var methods = operation.getMethodsCondition().getMatchingCondition(request);
        var patterns = operation.getPathPatternsCondition();
        return methods != null && patterns != null && patterns.getMatchingCondition(request) != null;
    }
}
