package dev.bursar.workload;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of a workload so far. */
public record Outcome(
        @Schema(description = "instance-seconds on SageMaker's bill so far", example = "132")
        BigDecimal billedSeconds,

        @Schema(description = "SageMaker's own words when it failed") @Nullable String failure,

        @Schema(description = "where the model is", example = "s3://bursar-x4k2p9/labs/chem/results/…/model.tar.gz")
        @Nullable String artefact,

        @Schema(description = "the last value of each metric", example = "{\"validation:auc\": 0.9953}")
        Map<String, Double> metrics) {

    static Outcome of(Observation seen) {
        return new Outcome(
                BigDecimal.valueOf(seen.usage().instanceTime().toMillis(), 3),
                seen.failure(),
                seen.results().artefact(),
                seen.results().metrics());
    }
}
