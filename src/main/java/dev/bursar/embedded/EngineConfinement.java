package dev.bursar.embedded;

import dev.bursar.engine.Engine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Whether an engine keeps the processes of a job from everything that is not the job's. */
interface EngineConfinement {

    /** What confines them; empty if nothing does. */
    Optional<String> standing();

    /** Why nothing confines them; empty if something does. */
    Optional<String> lacking();

    static EngineConfinement of(Engine engine) {
        var lacking = engine.unconfined();
        return new Found(lacking.isPresent() ? Optional.empty() : Optional.of(engine.confinement()), lacking);
    }

    /** Asks an engine that runs elsewhere, each time: another one may have taken its place. */
    static EngineConfinement of(URI engine) {
        return new Elsewhere(engine);
    }

    /** What does not change as long as the engine runs. */
    record Found(Optional<String> standing, Optional<String> lacking) implements EngineConfinement {}

    /** An engine that does not say that it confines them counts as one that does not. */
    record Elsewhere(URI engine) implements EngineConfinement {

        private static final Duration PATIENCE = Duration.ofSeconds(3);
        private static final JsonMapper JSON = JsonMapper.shared();
        private static final HttpClient CLIENT =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build();

        @Override
        public Optional<String> standing() {
            var found = ask();
            return found.standing();
        }

        @Override
        public Optional<String> lacking() {
            return ask().lacking();
        }

        private Found ask() {
            try {
                var request = HttpRequest.newBuilder(engine.resolve("/_engine/status"))
                        .timeout(PATIENCE)
                        .build();
                var answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
                var confinement = JSON.readTree(answer.body()).path("confinement");
                var how = Optional.of(confinement.path("situation").asString(""));
                return answer.statusCode() == 200
                                && confinement.path("confined").asBoolean(false)
                        ? new Found(how, Optional.empty())
                        : new Found(
                                Optional.empty(),
                                how.filter(why -> !why.isBlank()).or(() -> Optional.of("nothing")));
            } catch (IOException | JacksonException e) {
                return new Found(Optional.empty(), Optional.of("nothing: it does not answer"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Found(Optional.empty(), Optional.of("nothing: it was not asked"));
            }
        }
    }
}
