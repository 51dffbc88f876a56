package dev.bursar.web;

import dev.bursar.core.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps bodies small and brisk: a request is a megabyte at most and there within seconds, and each member has only so many
 * under way. A file has its dataset's limit, and must keep a least pace, averaged.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class Bodies extends OncePerRequestFilter {

    static final int MAX_BYTES = 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LEAST_BYTES_A_SECOND = 8 * 1024;

    private final Lane lane = new Lane("request bodies", 60, 40);

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var limited = new Limited(request);
        try {
            chain.doFilter(limited, response);
        } finally {
            limited.finish();
        }
    }

    private final class Limited extends HttpServletRequestWrapper {

        private @Nullable Counted body;

        Limited(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (body == null) {
                body = new Counted(super.getInputStream(), (HttpServletRequest) getRequest());
            }
            return body;
        }

        void finish() {
            if (body != null) {
                body.leave();
            }
        }
    }

    private final class Counted extends ServletInputStream {

        private final ServletInputStream body;
        private final HttpServletRequest request;
        private final long begun = System.nanoTime();
        private @Nullable Caller inside;
        private boolean entered;
        private long read;

        Counted(ServletInputStream body, HttpServletRequest request) {
            this.body = body;
            this.request = request;
        }

        @Override
        public int read() throws IOException {
            if (isNobodys()) {
                return -1;
            }
            enter();
            var one = body.read();
            count(one < 0 ? -1 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (isNobodys()) {
                return -1;
            }
            enter();
            var some = body.read(bytes, offset, length);
            count(some);
            return some;
        }

        /** What answers without a key needs no body, and waits for none. */
        private boolean isNobodys() {
            return request.getAttribute(Caller.class.getName()) == null;
        }

        private boolean isFile() {
            return request.getAttribute(StreamGate.IS_FILE) != null;
        }

        private void enter() {
            if (entered || isFile()) {
                return;
            }
            if (request.getContentLengthLong() > MAX_BYTES) {
                throw tooLarge();
            }
            entered = true;
            var caller = StreamGate.caller(request);
            lane.enter(caller);
            inside = caller;
        }

        /** Once all has arrived, its reader waits for nobody any more. */
        void leave() {
            if (inside != null) {
                lane.leave(inside);
                inside = null;
            }
        }

        private void count(int more) {
            read += Math.max(more, 0);
            if (more < 0 || read == request.getContentLengthLong()) {
                leave();
                return;
            }
            if (!isFile() && read > MAX_BYTES) {
                throw tooLarge();
            }
            var late = Duration.ofNanos(System.nanoTime() - begun).minus(PATIENCE);
            if (late.compareTo(Duration.ZERO) > 0 && (!isFile() || read < late.toSeconds() * LEAST_BYTES_A_SECOND)) {
                throw new Problem(ProblemType.TOO_SLOW, "The body arrives too slowly to be waited for.");
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public int available() throws IOException {
            return body.available();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }

    private static Problem tooLarge() {
        return new Problem(ProblemType.TOO_LARGE, "The body may have at most " + MAX_BYTES + " bytes.");
    }
}
