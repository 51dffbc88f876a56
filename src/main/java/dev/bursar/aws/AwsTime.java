package dev.bursar.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * How far our clock is from AWS's, by the {@code Date} of its last answer. Deadlines are kept by our clock and bills are
 * written by theirs. On the engine it says nothing: there, time may be made to run faster.
 */
@Component
public class AwsTime implements ExecutionInterceptor {

    private final Clock clock;
    private final boolean counts;
    private volatile Duration apart = Duration.ZERO;

    AwsTime(Clock clock, AwsConnectionDetails connection) {
        this.clock = clock;
        this.counts = !connection.isSimulated();
    }

    /** Never negative. */
    public Duration apart() {
        return apart;
    }

    /** AWS says that it is this time now. */
    public void is(Instant theirs) {
        apart = Duration.between(theirs, clock.instant()).abs();
    }

    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        var date = parsed(context.httpResponse().firstMatchingHeader("Date").orElse(""));
        if (counts && date != null) {
            is(date);
        }
    }

    private static @Nullable Instant parsed(String date) {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
