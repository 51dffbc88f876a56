package dev.bursar.aws;

import java.util.Locale;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What it means that AWS did not do as asked (rule C3). Errors are read by code and text, because SageMaker says
 * {@code ValidationException} for very different things.
 */
public enum Refusal {
    /** The name is in use: by us, if Describe says so. */
    TAKEN,
    /** Too many calls; the same call may succeed later. */
    THROTTLED,
    /** Others of ours use the quota now. */
    QUOTA,
    /** The quota is smaller than what is asked; waiting does not help. */
    QUOTA_TOO_SMALL,
    /** There are no machines now. */
    CAPACITY,
    /** Something that was just made is not visible yet. */
    NOT_YET_VISIBLE,
    /** What is asked about does not exist. */
    NOT_FOUND,
    /** It is over already; there is nothing to stop. */
    FINISHED,
    /** The request itself is wrong. */
    INVALID,
    /** Our credentials may not do this. */
    DENIED,
    /** No answer, or a server's error: whether it was done is not known. */
    UNKNOWN;

    private static final Pattern QUOTA_TEXT =
            Pattern.compile("is (\\d{1,9}) instances.*request delta of (\\d{1,9}) instances", Pattern.DOTALL);

    public static Refusal of(SdkException e) {
        if (!(e instanceof AwsServiceException service) || service.awsErrorDetails() == null) {
            return UNKNOWN;
        }
        var code = String.valueOf(service.awsErrorDetails().errorCode());
        var text = String.valueOf(service.awsErrorDetails().errorMessage()).toLowerCase(Locale.ROOT);
        return switch (code) {
            case "ResourceInUse" -> TAKEN;
            case "ResourceNotFound" -> NOT_FOUND;
            case "ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded" -> THROTTLED;
            case "ResourceLimitExceeded" -> ofQuota(text);
            case "CapacityError", "InsufficientCapacity" -> CAPACITY;
            case "AccessDeniedException",
                    "AccessDenied",
                    "UnrecognizedClientException",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "ExpiredTokenException",
                    "ExpiredToken",
                    "RequestExpired",
                    "RequestTimeTooSkewed",
                    "InvalidClientTokenId",
                    "IncompleteSignature",
                    "NotAuthorized",
                    "OptInRequired",
                    "MissingAuthenticationToken" -> DENIED;
            case "ValidationException" -> ofValidation(text);
            default -> ofStatus(service.statusCode());
        };
    }

    private static Refusal ofStatus(int status) {
        return switch (status) {
            case 429 -> THROTTLED;
            case 401, 403 -> DENIED;
            default -> status >= 500 || status == 408 ? UNKNOWN : INVALID;
        };
    }

    private static Refusal ofQuota(String text) {
        var numbers = QUOTA_TEXT.matcher(text);
        return numbers.find() && Long.parseLong(numbers.group(1)) < Long.parseLong(numbers.group(2))
                ? QUOTA_TOO_SMALL
                : QUOTA;
    }

    private static Refusal ofValidation(String text) {
        if (text.contains("already exist")) {
            return TAKEN;
        }
        if (text.contains("requested resource not found") || text.contains("could not find")) {
            return NOT_FOUND;
        }
        if (text.contains("is in status")) {
            return FINISHED;
        }
        return text.contains("assumerole") || text.contains("cannot be assumed") ? NOT_YET_VISIBLE : INVALID;
    }
}
