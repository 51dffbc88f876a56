package dev.bursar.web;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Every kind of problem that the interface answers with. {@code docs/problems.md} explains each; a test compares. */
public enum ProblemType {
    INVALID_REQUEST(
            HttpStatus.BAD_REQUEST,
            "The request is not valid",
            "Correct the fields named in errors and send it again."),
    MALFORMED_JSON(
            HttpStatus.BAD_REQUEST,
            "The body is not readable",
            "Send well-formed JSON with the fields that the operation documents."),
    UNAUTHENTICATED(
            HttpStatus.UNAUTHORIZED,
            "The key is missing or not valid",
            "Send Authorization: Bearer with a key that is neither expired nor revoked; your lab's owner makes one."),
    FORBIDDEN(
            HttpStatus.FORBIDDEN,
            "Your role does not allow this",
            "Ask your lab's owner, or use a key with the role that docs/access.md names."),
    NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "There is no such thing",
            "Check the id; what belongs to another lab cannot be seen."),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED,
            "The address does not know this method",
            "Look the operation up in Swagger UI."),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE,
            "The answer cannot have the form that you accept",
            "Ask for application/json, or text/csv where the operation offers it."),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body has a type that this operation does not take",
            "Send Content-Type: application/json, or application/octet-stream for a file."),
    CONFLICT(HttpStatus.CONFLICT, "It is not possible in the present state", "Read the thing again and decide anew."),
    ALREADY_EXISTS(HttpStatus.CONFLICT, "The name is taken", "Choose another name, or use what exists."),
    TOO_LARGE(
            HttpStatus.CONTENT_TOO_LARGE,
            "The body is larger than allowed",
            "Send less; files go to a dataset, one request each."),
    TOO_SLOW(
            HttpStatus.REQUEST_TIMEOUT,
            "The body did not arrive in time",
            "Send it again over a better line; a file is sent in one go, a request within seconds."),
    IDEMPOTENCY_KEY_REUSED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The idempotency key was used for another request",
            "Use a new key for a new request, and the old key only to repeat the old one."),
    IDEMPOTENCY_KEY_REQUIRED(
            HttpStatus.BAD_REQUEST,
            "An idempotency key is required",
            "Send Idempotency-Key with a value of your own, so that a repeated request cannot move money twice."),
    IF_MATCH_REQUIRED(
            HttpStatus.PRECONDITION_REQUIRED,
            "A change needs If-Match",
            "Read the thing, and send its ETag as If-Match, so that nobody's change is undone unseen."),
    CHANGED_MEANWHILE(
            HttpStatus.PRECONDITION_FAILED,
            "Somebody changed it meanwhile",
            "Read it again, decide anew, and send its new ETag as If-Match."),
    NO_BUDGET(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "No budget pays for this",
            "Ask an admin to open a budget for the lab, or to move the end of the one that is over."),
    UNAFFORDABLE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The budget cannot pay the worst case",
            "Ask for less (shorter maxRuntime, cheaper or fewer instances), or for more budget."),
    OVER_MAX_COST(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The worst case is more than your maxCost",
            "Raise maxCost or ask for less."),
    NO_PRICE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "There is no known price",
            "Choose a type from GET /api/v1/instance-types that has a price for this component."),
    UNKNOWN_DATA(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The data does not exist or is not the lab's",
            "Upload it to a dataset, or correct the name or path."),
    UNUSABLE_DATA(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The data does not fit what is asked",
            "Correct the file and upload it again."),
    AWS_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE, "AWS does not answer", "Try again in a minute; nothing was started.", 30),
    BUSY(
            HttpStatus.SERVICE_UNAVAILABLE,
            "There is more to do than can be done at once",
            "Try again in a second; nothing was started.",
            1),
    DATABASE_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The database does not answer",
            "Try again; repeat a POST with the same Idempotency-Key.",
            5),
    INTERNAL(
            HttpStatus.INTERNAL_SERVER_ERROR, "Bursar made a mistake", "Try again, and report it with the request id.");

    private final HttpStatus status;
    private final String title;
    private final String nextStep;
    private final int retryAfterSeconds;

    ProblemType(HttpStatus status, String title, String nextStep) {
        this(status, title, nextStep, 0);
    }

    ProblemType(HttpStatus status, String title, String nextStep, int retryAfterSeconds) {
        this.status = status;
        this.title = title;
        this.nextStep = nextStep;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** What a status means that not our code, but the framework or the container has chosen. */
    static ProblemType of(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> TOO_SLOW;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            default -> status < 500 ? INVALID_REQUEST : INTERNAL;
        };
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    public String nextStep() {
        return nextStep;
    }

    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Whether the request has cost anything. */
    public String charged() {
        return switch (this) {
            case DATABASE_UNAVAILABLE, INTERNAL ->
                "Not by this answer. But it may have come after the work was accepted: repeat the request with the same "
                        + "Idempotency-Key, or look at GET /api/v1/jobs.";
            default -> "No: a request that is answered with this problem starts nothing and holds nothing.";
        };
    }

    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
