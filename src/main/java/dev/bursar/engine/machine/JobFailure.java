// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.machine;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;

/** A job cannot go on; the message becomes its FailureReason. */
public final class JobFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int LIMIT = 1024;

    public JobFailure(String reason) {
        super(reason, null, false, false);
    }

    /** What a user has sent cannot lie on this machine's disk as it is; says so without naming a place there. */
    public static JobFailure unstorable(String what, Exception problem) {
        var why = "its name has characters that no file can have";
        if (problem instanceof FileAlreadyExistsException || problem instanceof NotDirectoryException) {
            why = "its name is taken by another, or another's name goes on below it";
        } else if (problem instanceof FileSystemException disk) {
            why = disk.getReason() == null ? "the disk does not take it" : disk.getReason();
        }
        return new JobFailure("ClientError: %s cannot be stored: %s".formatted(what, why));
    }

    /** The reason, cut to what a description may hold. */
    public String reason() {
        var reason = String.valueOf(getMessage());
        return reason.length() <= LIMIT ? reason : reason.substring(0, LIMIT - 3) + "...";
    }
}
