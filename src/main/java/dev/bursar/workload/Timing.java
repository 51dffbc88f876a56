package dev.bursar.workload;

import dev.bursar.aws.AwsClients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What time it is, and when things are to be looked at again. */
@Component
class Timing {

    private static final Duration LOOK_ON_ENGINE = Duration.ofSeconds(1);
    private static final Duration LOOK_ON_AWS = Duration.ofSeconds(30);

    private final Clock clock;
    private final WorkloadSettings settings;
    private final Looks looks;
    private final Duration lookEvery;

    Timing(Clock clock, WorkloadSettings settings, Looks looks, AwsClients clients) {
        this.clock = clock;
        this.settings = settings;
        this.looks = looks;
        this.lookEvery = settings.lookEvery() != null
                ? settings.lookEvery()
                : clients.isSimulated() ? LOOK_ON_ENGINE : LOOK_ON_AWS;
    }

    /** To the microsecond, as PostgreSQL keeps it, so that a time that comes back is equal. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** When running work is looked at next: as often as calls allow, and once soon after it should be over. */
    Instant nextLook(@Nullable Instant shouldBeOverAt) {
        var regular = now().plus(looks.every(lookEvery));
        return shouldBeOverAt == null || shouldBeOverAt.isBefore(now()) || shouldBeOverAt.isAfter(regular)
                ? regular
                : shouldBeOverAt.plus(lookEvery);
    }

    /** For what must not wait: it is starting, stopping, or was not found. */
    Instant nextLook() {
        return now().plus(lookEvery);
    }

    Instant budgetRetry() {
        return now().plus(settings.budgetRetry());
    }

    Instant capacityRetry() {
        return now().plus(settings.capacityRetry());
    }

    /** A claim that is taken now ends then. */
    Instant claimEnd() {
        return now().plus(settings.claim());
    }

    Instant sendableUntil() {
        return claimEnd().minus(settings.sendMargin());
    }

    Instant absenceBelievableFrom() {
        return claimEnd().plus(settings.unknown());
    }

    /** Whether "SageMaker has no such job" may be believed now of a job that was never seen. */
    boolean isAbsenceBelievable(Workload workload) {
        var unknownUntil = workload.attempt().unknownUntil();
        return unknownUntil == null || !now().isBefore(unknownUntil);
    }

    /** One answer "no such job" proves nothing (rule N3): it has to be the only answer for a while. */
    boolean isGoneForGood(Workload workload) {
        var seenAt = workload.seenAt();
        return isAbsenceBelievable(workload) && (seenAt == null || !now().isBefore(seenAt.plus(settings.unknown())));
    }

    /** How long what was just made in AWS may stay invisible to SageMaker. */
    Duration visibilityPatience() {
        return settings.visibility();
    }

    /** What was accepted before has waited longer than is allowed. */
    Instant waitedTooLongSince() {
        return now().minus(settings.maxQueueTime());
    }

    /** What was accepted before and waits for money may not be overtaken any more. */
    Instant overtakableSince() {
        return now().minus(settings.overtaking());
    }

    boolean hasWaitedTooLong(Workload workload) {
        return workload.origin().createdAt().isBefore(waitedTooLongSince());
    }

    boolean isBillOverdue(Instant endedAt) {
        return now().isAfter(endedAt.plus(settings.billingPatience()));
    }
}
