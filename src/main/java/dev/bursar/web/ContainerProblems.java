package dev.bursar.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Tomcat refuses before any of our code sees it, such as an encoded slash in an address, and what fails outside of Spring
 * MVC, is answered with a problem, too. There is no error page: nobody can ask for it by its address.
 */
@Component
class ContainerProblems implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

    private static final String UNREADABLE = "The request cannot be read; its address or headers are not well formed.";

    private final JsonMapper json;

    ContainerProblems(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new Report(json)));
    }

    /** After Boot's own, so that this one is asked first. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    private static final class Report extends ErrorReportValve {

        private final JsonMapper json;

        Report(JsonMapper json) {
            this.json = json;
        }

        private static String words(int status) {
            if (status == ProblemType.TOO_SLOW.status().value()) {
                return "The rest of the request did not come in time.";
            }
            return status < 500 ? UNREADABLE : "This should not have happened; it is in the service's log.";
        }

        @Override
        protected void report(Request request, Response response, @Nullable Throwable thrown) {
            var status = response.getStatus();
            if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            var problem = Problem.body(ProblemType.of(status), words(status), List.of());
            problem.setStatus(status);
            try {
                response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
                response.setCharacterEncoding(StandardCharsets.UTF_8.name());
                response.getReporter().write(json.writeValueAsString(problem));
                response.finishResponse();
            } catch (IOException e) {
                container.getLogger().debug("the client went away before it was told what is wrong", e);
            }
        }
    }
}
