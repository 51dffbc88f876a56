// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

/** A job cannot go on; the message becomes its FailureReason. */
public final class JobFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int LIMIT = 1024;

    public JobFailure(String reason) {
        super(reason, null, false, false);
    }

    /** The reason, cut to what a description may hold. */
    public String reason() {
        var reason = String.valueOf(getMessage());
        return reason.length() <= LIMIT ? reason : reason.substring(0, LIMIT - 3) + "...";
    }
}
