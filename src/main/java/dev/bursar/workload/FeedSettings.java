package dev.bursar.workload;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How news of SageMaker are read (rule C2).
 *
 * @param every how often what changed is asked for
 * @param overlap so much is read again each time, because news may be late
 * @param sweep every running workload is looked at at least this often, whatever the news say
 */
@ConfigurationProperties("bursar.feed")
record FeedSettings(
        @DefaultValue("PT5S") Duration every,
        @DefaultValue("PT30S") Duration overlap,
        @DefaultValue("PT10M") Duration sweep) {}
