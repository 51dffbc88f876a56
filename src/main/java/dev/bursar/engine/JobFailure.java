package dev.bursar.engine;

/** A job cannot go on; the message becomes its FailureReason. */
final class JobFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int LIMIT = 1024;

    JobFailure(String reason) {
        super(reason, null, false, false);
    }

    /** The reason, cut to what a description may hold. */
    String reason() {
        var reason = String.valueOf(getMessage());
        return reason.length() <= LIMIT ? reason : reason.substring(0, LIMIT - 3) + "...";
    }
}
