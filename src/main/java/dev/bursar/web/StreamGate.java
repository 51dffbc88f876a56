package dev.bursar.web;

import dev.bursar.core.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Counts the files on their way, and tells {@link Bodies} which bodies are files: by the handler, as always. */
final class StreamGate implements HandlerInterceptor {

    static final String IS_FILE = StreamGate.class.getName();

    /** A quarter of the threads that the service has for requests. */
    private final Lane lane = new Lane("files", 100, 40);

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod operation && operation.hasMethodAnnotation(Streams.class)) {
            lane.enter(caller(request));
            request.setAttribute(IS_FILE, true);
        }
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception thrown) {
        if (request.getAttribute(IS_FILE) != null) {
            request.removeAttribute(IS_FILE);
            lane.leave(caller(request));
        }
    }

    /** Whoever has come so far has a key. */
    static Caller caller(HttpServletRequest request) {
        return (Caller) java.util.Objects.requireNonNull(request.getAttribute(Caller.class.getName()));
    }
}
