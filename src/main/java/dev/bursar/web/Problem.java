package dev.bursar.web;

import java.net.URI;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A refusal that a person can act on. The only exception that our code throws at its clients. */
public class Problem extends ErrorResponseException {

    public static final String ADDRESS = "/problems/";

    private final transient ProblemType type;

    public Problem(ProblemType type, String detail) {
        this(type, detail, List.of());
    }

    public Problem(ProblemType type, String detail, List<FieldError> errors) {
        super(type.status(), body(type, detail, errors), null);
        this.type = type;
        if (type.retryAfterSeconds() > 0) {
            getHeaders().set(HttpHeaders.RETRY_AFTER, Integer.toString(type.retryAfterSeconds()));
        }
    }

    /** A problem with one field of the request. */
    public static Problem invalid(String field, String message) {
        return new Problem(
                ProblemType.INVALID_REQUEST, field + ": " + message, List.of(new FieldError(field, message)));
    }

    /** What the caller may not see does not exist. */
    public static Problem notFound(String what, Object id) {
        return new Problem(ProblemType.NOT_FOUND, "There is no " + what + " " + id + " that you may see.");
    }

    public Problem with(String name, Object value) {
        getBody().setProperty(name, value);
        return this;
    }

    /** Whether the same request may be answered otherwise later, with nobody having corrected it. */
    public boolean mayPass() {
        return type.retryAfterSeconds() > 0 || type.status().is5xxServerError();
    }

    public ProblemType type() {
        return type;
    }

    static ProblemDetail body(ProblemType type, String detail, List<FieldError> errors) {
        var body = ProblemDetail.forStatusAndDetail(type.status(), detail);
        body.setType(URI.create(ADDRESS + type.slug()));
        body.setTitle(type.title());
        body.setProperty("nextStep", type.nextStep());
        if (!errors.isEmpty()) {
            body.setProperty("errors", errors);
        }
        return body;
    }

    /**
     * What is wrong with one field.
     *
     * @param field where it is, such as {@code compute.instanceCount}
     */
    public record FieldError(String field, String message) {}
}
