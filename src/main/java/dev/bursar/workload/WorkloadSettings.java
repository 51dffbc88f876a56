package dev.bursar.workload;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the lifecycle is driven.
 *
 * @param dispatch whether queued work is started; off, requests are accepted and wait
 * @param lookEvery how often running work is looked at; 1 s on the engine and 30 s on AWS, when not set
 * @param claim how long a worker has a row for itself
 * @param sendMargin a Create is sent only while the claim has this much left
 * @param unknown how long after a claim "no such job" is not believed
 * @param visibility how long a role or the like that SageMaker does not see yet is waited for
 * @param maxQueueTime nothing waits longer than this
 * @param overtaking how long work that waits for money may be passed by other work that fits
 * @param billingPatience how long the final figure of the bill is waited for
 */
@ConfigurationProperties("bursar.workload")
record WorkloadSettings(
        @DefaultValue("true") boolean dispatch,
        @Nullable Duration lookEvery,
        @DefaultValue("PT2M") Duration claim,
        @DefaultValue("PT1M") Duration sendMargin,
        @DefaultValue("PT20M") Duration unknown,
        @DefaultValue("PT5M") Duration visibility,
        @DefaultValue("P3D") Duration maxQueueTime,
        @DefaultValue("PT1H") Duration overtaking,
        @DefaultValue("PT10M") Duration billingPatience,
        @DefaultValue("PT5S") Duration budgetRetry,
        @DefaultValue("PT30S") Duration capacityRetry) {}
