package dev.bursar.workload;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When the meter is stale (rule M13).
 *
 * @param staleAfter nothing was read with success for so long, though work is live
 * @param unseenAfter one live workload was not seen for so long
 * @param apart our clock and that of AWS are further apart than this
 */
@ConfigurationProperties("bursar.meter")
record MeterSettings(
        @DefaultValue("PT5M") Duration staleAfter,
        @DefaultValue("PT10M") Duration unseenAfter,
        @DefaultValue("PT30S") Duration apart) {}
