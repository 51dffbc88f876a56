package dev.bursar.workload;

import dev.bursar.workload.Orphans.AttemptName;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The present try at a workload: the one name under which it may exist in SageMaker, and how much is known of that. */
@Embeddable
@SuppressWarnings("UnusedVariable") // some columns are read by SQL only
class Attempt {

    @Column(name = "attempt")
    private int number;

    @Column(name = "sagemaker_name")
    private @Nullable String sageMakerName;

    private @Nullable String arn;
    private @Nullable Instant sendableUntil;
    private @Nullable Instant unknownUntil;
    private @Nullable Instant invisibleSince;
    private @Nullable Instant foreignSince;
    private @Nullable Instant failingSince;
    private int failures;

    /** From here on it may exist; its name is drawn once and kept through all retries (rule N2). */
    void intend(String installation, String id, Instant sendUntil, Instant notBelievedUntil) {
        if (sageMakerName == null) {
            number++;
            sageMakerName = "%s-%s-%d".formatted(installation, id, number);
        }
        sendableUntil = sendUntil;
        unknownUntil = notBelievedUntil;
    }

    /** It exists already. */
    void found(AttemptName name) {
        giveUp();
        number = name.number();
        sageMakerName = name.toString();
    }

    /** Whether that is a later attempt than this one. */
    boolean comesBefore(AttemptName other) {
        return number < other.number();
    }

    /** No Create is on its way any more. */
    void withdraw() {
        sendableUntil = null;
        recover();
    }

    /** It is looked after again; see {@link Setbacks}. */
    void recover() {
        failingSince = null;
        failures = 0;
    }

    /** The name is somebody else's, for good. */
    void isForeign(Instant now) {
        foreignSince = now;
    }

    /** The last Create surely made nothing; what an earlier one made, if there was any, may still be unknown. */
    void believeAbsenceFrom(@Nullable Instant at) {
        unknownUntil = at;
    }

    /** Whether what it needs has not become visible to SageMaker for so long; the first answer starts the time. */
    boolean hasBeenInvisible(Instant now, Duration patience) {
        if (invisibleSince == null) {
            invisibleSince = now;
        }
        return now.isAfter(invisibleSince.plus(patience));
    }

    void see(String itsArn) {
        arn = itsArn;
        recover();
    }

    /** It is over and was never billed; the next one gets the next name. */
    void giveUp() {
        sageMakerName = null;
        arn = null;
        foreignSince = null;
        unknownUntil = null;
        invisibleSince = null;
    }

    /** Whether a Create may have been heard of which nothing is known. */
    boolean isUnknown() {
        return unknownUntil != null;
    }

    /** Whether SageMaker ever described what has its name, ours or not. */
    boolean wasSeen() {
        return arn != null || foreignSince != null;
    }

    int number() {
        return number;
    }

    @Nullable String sageMakerName() {
        return sageMakerName;
    }

    @Nullable Instant sendableUntil() {
        return sendableUntil;
    }

    @Nullable Instant unknownUntil() {
        return unknownUntil;
    }
}
