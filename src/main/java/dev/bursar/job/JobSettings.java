package dev.bursar.job;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long SageMaker may go on billing after the maximum run time (rule M4), and what is taken where nothing is said.
 *
 * @param defaultMaxRuntime where neither maxRuntime nor maxCost is given
 * @param lateEnd SageMaker has been seen to end up to 240 s late
 * @param stopGrace from SIGTERM to SIGKILL
 * @param upload of the model
 * @param unconfinedScripts whether people's code runs also where nothing keeps it from other labs' data, and there are
 *     other labs
 * @param overheadOnAws what AWS typically bills for fetching image and data
 */
@ConfigurationProperties("bursar.job")
record JobSettings(
        @DefaultValue("PT15M") Duration defaultMaxRuntime,
        @DefaultValue("PT5M") Duration lateEnd,
        @DefaultValue("PT2M") Duration stopGrace,
        @DefaultValue("PT5M") Duration upload,
        @DefaultValue("REFUSE") UnconfinedScripts unconfinedScripts,
        @DefaultValue("PT130S") Duration overheadOnAws) {

    /** What becomes of them. */
    enum UnconfinedScripts {
        REFUSE,
        ALLOW
    }

    Duration ending() {
        return lateEnd.plus(stopGrace).plus(upload);
    }
}
