package dev.bursar.workload;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.bursar.core.Money;
import dev.bursar.core.Rate;
import java.time.Duration;

/**
 * All that money needs to know of a workload: price × instances × time.
 *
 * @param perInstance an instance with its volume, for an hour
 * @param limit the run time after which SageMaker itself ends it
 * @param ending how long it may still be billed after that: late end, grace, upload (rules M4)
 * @param overheadOnAws what AWS typically bills for fetching image and data, which a local run does not have
 */
public record Quote(
        String instanceType, Rate perInstance, int instances, Duration limit, Duration ending, Duration overheadOnAws) {

    /** What must be held. */
    @JsonIgnore
    public Money worstCase() {
        return perInstance.worstCase(longest().multipliedBy(instances));
    }

    /** What this much instance time costs. */
    public Money cost(Duration instanceTime) {
        return perInstance.over(instanceTime);
    }

    /** What a run that took this much instance time here would have cost on AWS, about. */
    public Money aboutOnAws(Duration instanceTime) {
        return perInstance.over(instanceTime.plus(overheadOnAws.multipliedBy(instances)));
    }

    /** From its start it is surely over after this. */
    @JsonIgnore
    public Duration longest() {
        return limit.plus(ending);
    }
}
