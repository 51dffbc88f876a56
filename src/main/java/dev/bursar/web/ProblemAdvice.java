package dev.bursar.web;

import dev.bursar.database.Unanswered;
import dev.bursar.web.Problem.FieldError;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns whatever went wrong into one of our problems. A mistake of the client never becomes a 500. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final Set<String> UNKEEPABLE = Set.of("22003", "22008", "22021", "22P05");
    private static final String TAKEN = "23505";

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var errors = e.getBindingResult().getFieldErrors().stream()
                .map(error -> new FieldError(error.getField(), String.valueOf(error.getDefaultMessage())))
                .toList();
        return answer(new Problem(ProblemType.INVALID_REQUEST, sentence(errors), errors));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var errors = e.getParameterValidationResults().stream()
                .map(result -> new FieldError(
                        String.valueOf(result.getMethodParameter().getParameterName()),
                        String.valueOf(result.getResolvableErrors().get(0).getDefaultMessage())))
                .toList();
        return answer(new Problem(ProblemType.INVALID_REQUEST, sentence(errors), errors));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (e.getMostSpecificCause() instanceof Problem problem) {
            return answer(problem);
        }
        var name = String.valueOf(e.getPropertyName());
        var reason = e.getMostSpecificCause() instanceof IllegalArgumentException cause && cause.getMessage() != null
                ? cause.getMessage()
                : "is not valid";
        return answer(Problem.invalid(name, "'" + e.getValue() + "' is not possible: " + reason));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(Unreadable.problem(e));
    }

    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (!(body instanceof ProblemDetail detail) || detail.getProperties() != null) {
            return new ResponseEntity<>(body, headers, status);
        }
        var type = ProblemType.of(status.value());
        var ours = Problem.body(type, String.valueOf(detail.getDetail()), List.of());
        return new ResponseEntity<>(ours, headers, type.status());
    }

    private static @Nullable ResponseEntity<Object> databaseIsAway(Exception e) {
        log.debug("the client is told to try again", e);
        return answer(new Problem(ProblemType.DATABASE_UNAVAILABLE, "PostgreSQL does not answer at the moment."));
    }

    /** A deadlock, several times in a row: nothing was kept, and it may be sent again. */
    @ExceptionHandler(PessimisticLockingFailureException.class)
    @Nullable ResponseEntity<Object> othersAreInTheWay(PessimisticLockingFailureException e) {
        log.warn("a request stood in the way of others; the client is told to try again: {}", e.getMessage());
        return answer(new Problem(
                ProblemType.DATABASE_UNAVAILABLE,
                "Others were at work on the same things at the same time; nothing was done."));
    }

    @ExceptionHandler(InvalidParameterException.class)
    @Nullable ResponseEntity<Object> parameterIsNoText(InvalidParameterException e) {
        return answer(new Problem(ProblemType.INVALID_REQUEST, "A parameter of the query is not text in UTF-8."));
    }

    /** What Spring Security's firewall finds when somebody reads a header or a parameter. */
    @ExceptionHandler(RequestRejectedException.class)
    @Nullable ResponseEntity<Object> headerIsNoText(RequestRejectedException e) {
        return answer(new Problem(
                ProblemType.INVALID_REQUEST, "A header or a parameter has characters that are not possible there."));
    }

    /** What PostgreSQL says of text with a NUL in it, and of times that no calendar of its has. */
    @ExceptionHandler(DataIntegrityViolationException.class)
    @Nullable ResponseEntity<Object> cannotBeKept(DataIntegrityViolationException e) {
        if (e.getMostSpecificCause() instanceof SQLException sql && UNKEEPABLE.contains(sql.getSQLState())) {
            return answer(new Problem(
                    ProblemType.INVALID_REQUEST,
                    "The request has a text with the character NUL in it, or a time or number out of any range."));
        }
        if (e.getMostSpecificCause() instanceof SQLException sql && TAKEN.equals(sql.getSQLState())) {
            return answer(
                    new Problem(ProblemType.ALREADY_EXISTS, "There is one with this id, name or externalId already."));
        }
        return anythingElse(e);
    }

    @ExceptionHandler(OptimisticLockingFailureException.class)
    @Nullable ResponseEntity<Object> changedAtTheSameMoment(OptimisticLockingFailureException e) {
        return answer(new Problem(
                ProblemType.CONFLICT,
                "Somebody else changed the same thing at the same moment; nothing was done now."));
    }

    /** A lost database shows in as many ways as there are layers above it, so what decides is what is behind. */
    @ExceptionHandler(Exception.class)
    @Nullable ResponseEntity<Object> anythingElse(Exception e) {
        if (Unanswered.isBehind(e)) {
            return databaseIsAway(e);
        }
        log.error("a request failed by a mistake of ours", e);
        return answer(new Problem(ProblemType.INTERNAL, "This should not have happened; it is in the service's log."));
    }

    private static @Nullable ResponseEntity<Object> answer(Problem problem) {
        return new ResponseEntity<>(problem.getBody(), problem.getHeaders(), problem.getStatusCode());
    }

    private static String sentence(List<FieldError> errors) {
        return String.join(
                "; ",
                errors.stream()
                        .map(error -> error.field() + ": " + error.message())
                        .toList());
    }
}
