package dev.bursar.web;

import dev.bursar.core.Caller;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Closes the connection of whoever was answered before the whole body had arrived. Tomcat would wait for the rest, so that the
 * connection could be used again; a few hundred who never send it would hold every thread. Somebody with a key may send a
 * little more, so that the answer is not lost on the way to a client that reads it only after it has sent all.
 */
@Component
class UnreadBodies implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new Closing());
    }

    private static final class Closing extends ValveBase {

        private static final int A_LITTLE = 2 * Bodies.MAX_BYTES;

        Closing() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
            if (!request.isAsync() && !isRead(request)) {
                if (request.getAttribute(Caller.class.getName()) == null) {
                    request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
                }
                takeWhatIsThere(request, response);
            }
        }

        private static boolean isRead(Request request) {
            var read = new AtomicBoolean();
            request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
            return read.get();
        }

        private static void takeWhatIsThere(Request request, Response response) {
            var bytes = new byte[8_192];
            try {
                response.finishResponse();
                var body = request.getInputStream();
                for (int taken = 0; taken < A_LITTLE && body.available() > 0; ) {
                    taken += Math.max(body.read(bytes), 0);
                }
            } catch (IOException | IllegalStateException e) {
                return;
            }
        }
    }
}
