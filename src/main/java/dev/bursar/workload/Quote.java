package dev.bursar.workload;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.bursar.core.Money;
import dev.bursar.core.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that money needs to know of a workload: price × instances × time. Either SageMaker itself ends it, then it has a
 * limit and its worst case is held; or nothing does, then it has a lease.
 *
 * @param perInstance an instance with its volume, for an hour
 * @param limit the run time after which SageMaker itself ends it; null for a lease
 * @param ending how long it may still be billed after that, or after it was told to stop (rules M4, M6)
 * @param overheadOnAws what AWS typically bills for fetching image and data, which a local run does not have
 * @param lease how it is paid if SageMaker does not limit it
 */
public record Quote(
        String instanceType,
        Rate perInstance,
        int instances,
        @Nullable Duration limit,
        Duration ending,
        Duration overheadOnAws,
        @Nullable Lease lease) {

    public Quote {
        if ((limit == null) == (lease == null)) {
            throw new IllegalArgumentException("a quote has either a limit or a lease");
        }
    }

    public static Quote limited(
            String instanceType, Rate perInstance, int instances, Duration limit, Duration ending, Duration overhead) {
        return new Quote(instanceType, perInstance, instances, limit, ending, overhead, null);
    }

    public static Quote leased(String instanceType, Rate perInstance, int instances, Lease lease, Duration margin) {
        return new Quote(instanceType, perInstance, instances, null, margin, Duration.ZERO, lease);
    }

    /** What must be held before it is created. */
    @JsonIgnore
    public Money worstCase() {
        return covering(longest());
    }

    /** What surely pays for this long, on all of its instances. */
    public Money covering(Duration time) {
        return perInstance.worstCase(time.multipliedBy(instances));
    }

    /** How long this much money surely pays for. */
    Duration lasting(Money money) {
        return perInstance.boughtBy(money).dividedBy(instances);
    }

    /** What this much instance time costs. */
    public Money cost(Duration instanceTime) {
        return perInstance.over(instanceTime);
    }

    /** What all of its instances have cost by the clock; what it is charged, SageMaker says. */
    Money accrued(Instant from, Instant until) {
        return from.isBefore(until) ? cost(Duration.between(from, until).multipliedBy(instances)) : Money.ZERO;
    }

    /** What a run that took this much instance time here would have cost on AWS, about. */
    public Money aboutOnAws(Duration instanceTime) {
        return perInstance.over(instanceTime.plus(overheadOnAws.multipliedBy(instances)));
    }

    /** How long the first hold pays for; with a limit it is surely over after this. */
    @JsonIgnore
    public Duration longest() {
        return (lease == null ? Objects.requireNonNull(limit) : lease.first()).plus(ending);
    }
}
