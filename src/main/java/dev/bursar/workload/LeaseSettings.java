package dev.bursar.workload;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When running work is paid further.
 *
 * @param renewAhead a lease is renewed when its margin and this are left (rule M6)
 * @param extendAhead what is about to end by itself gets more time when this is left (rule M4)
 * @param extension so much more
 * @param unseen what could not be looked after for so long is not renewed any more (rule M13)
 * @param retry when it is tried again after money was short
 */
@ConfigurationProperties("bursar.lease")
record LeaseSettings(
        @DefaultValue("PT10M") Duration renewAhead,
        @DefaultValue("PT2M") Duration extendAhead,
        @DefaultValue("PT5M") Duration extension,
        @DefaultValue("PT10M") Duration unseen,
        @DefaultValue("PT5S") Duration retry) {}
