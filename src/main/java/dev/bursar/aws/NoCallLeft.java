package dev.bursar.aws;

import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The budget of calls is used up for the moment: AWS was not called, so surely nothing was done. */
public final class NoCallLeft extends SdkClientException {

    private static final long serialVersionUID = 1;

    private final Duration wait;

    public NoCallLeft(String group, Duration wait) {
        super(SdkClientException.builder()
                .message("no call to SageMaker left for " + group + "; the next one in " + wait.toMillis() + " ms"));
        this.wait = wait;
    }

    /** In real time, when a call may be left again. */
    public Duration waitFor() {
        return wait;
    }
}
