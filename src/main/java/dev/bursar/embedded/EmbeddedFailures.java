package dev.bursar.embedded;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Says in one sentence, without a stack trace, what keeps the embedded parts from starting. */
final class EmbeddedFailures implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AnotherEngine
                    || cause instanceof HomeInUse
                    || cause instanceof PortTaken
                    || cause instanceof PostgreSqlRefused) {
                return new FailureAnalysis(cause.getMessage(), null, cause);
            }
        }
        return null;
    }
}
