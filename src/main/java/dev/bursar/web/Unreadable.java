package dev.bursar.web;

import dev.bursar.web.Problem.FieldError;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Why a body could not be read, in words that name the field. */
final class Unreadable {

    private Unreadable() {}

    static Problem problem(HttpMessageNotReadableException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem ours) {
                return ours;
            }
        }
        if (e.getCause() instanceof JacksonException jackson
                && (jackson instanceof DatabindException || jackson instanceof InputCoercionException)) {
            var error = new FieldError(path(jackson), reason(jackson));
            return new Problem(ProblemType.INVALID_REQUEST, error.field() + ": " + error.message(), List.of(error));
        }
        return new Problem(
                ProblemType.MALFORMED_JSON, "The body is missing or is not well-formed JSON" + where(e) + ".");
    }

    private static String where(HttpMessageNotReadableException e) {
        if (e.getCause() instanceof JacksonException jackson && jackson.getLocation() != null) {
            var location = jackson.getLocation();
            return " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
        }
        return "";
    }

    private static String path(JacksonException e) {
        var path = e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."))
                .replace(".[", "[");
        if (e instanceof InvalidTypeIdException) {
            return path.isEmpty() ? "kind" : path + ".kind";
        }
        return path.isEmpty() ? "body" : path;
    }

    private static String reason(JacksonException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            var known = unknown.getKnownPropertyIds();
            var names = known == null
                    ? ""
                    : known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
            return "there is no such field here (possible: " + names + ")";
        }
        if (e instanceof InvalidTypeIdException) {
            return "is missing or not one of the kinds that this operation takes";
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        if (e instanceof InvalidFormatException wrong && wrong.getTargetType().isEnum()) {
            return "is one of "
                    + Arrays.stream(wrong.getTargetType().getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        if (e instanceof InputCoercionException) {
            return "is a number that is too large or too small";
        }
        return "has the wrong type: " + firstSentence(e.getOriginalMessage());
    }

    private static String firstSentence(String message) {
        var end = message.indexOf('\n');
        return message.substring(0, end < 0 ? message.length() : end)
                .replaceAll("`?dev\\.bursar\\.[a-z]+\\.|java\\.(lang|util|math|time)\\.", "");
    }
}
