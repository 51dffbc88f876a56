package dev.bursar.web;

import dev.bursar.database.Share;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Lets only so many in at once that some of the container's threads are always free for orders to stop and for health;
 * who finds no place is told so soon. Orders have connections of their own. What goes wrong in the filters behind it
 * becomes the same problems as what goes wrong in an operation.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class FrontDoor extends OncePerRequestFilter {

    private static final long PATIENCE_MILLIS = 200;

    private final Semaphore places;
    private final UrgentOperations urgent;
    private final ProblemWriter problems;
    private final HandlerExceptionResolver resolver;

    FrontDoor(
            @Value("${server.tomcat.threads.max}") int threads,
            UrgentOperations urgent,
            ProblemWriter problems,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        this.places = new Semaphore(Math.max(1, threads * 3 / 4), true);
        this.urgent = urgent;
        this.problems = problems;
        this.resolver = resolver;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isOfOperators(request)) {
            pass(request, response, chain);
        } else if (urgent.have(request)) {
            var turn = Share.ORDERS.begin();
            try {
                pass(request, response, chain);
            } finally {
                turn.close();
            }
        } else if (hasPlace()) {
            try {
                pass(request, response, chain);
            } finally {
                places.release();
            }
        } else {
            problems.write(response, new Problem(ProblemType.BUSY, "As many requests as can be are being answered."));
        }
    }

    private static boolean isOfOperators(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/actuator/");
    }

    private boolean hasPlace() {
        try {
            return places.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (RuntimeException e) {
            if (response.isCommitted() || resolver.resolveException(request, response, null, e) == null) {
                throw e;
            }
        }
    }
}
