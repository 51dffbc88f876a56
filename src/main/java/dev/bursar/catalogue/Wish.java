package dev.bursar.catalogue;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What somebody needs a machine for and how large it must be. */
record Wish(
        @Parameter(
                description = "what it is for; each has its own prices",
                example = "training",
                schema =
                        @Schema(
                                allowableValues = {"training", "processing", "hosting", "transform"},
                                defaultValue = "training"))
        @Nullable String component,

        @Parameter(
                description = "cpu (general-purpose and compute-optimised), gpu, memory (memory-optimised) or "
                        + "accelerator (Trainium, Inferentia, Gaudi)",
                example = "cpu",
                schema = @Schema(allowableValues = {"cpu", "gpu", "memory", "accelerator"}))
        @Nullable String category,

        @Parameter(description = "least number of vCPUs", example = "2") @Min(0) @Nullable Integer minVcpu,

        @Parameter(description = "least memory in GiB", example = "8") @PositiveOrZero @Nullable BigDecimal minMemoryGib,

        @Parameter(description = "least number of NVIDIA GPUs", example = "0") @Min(0) @Nullable Integer minGpus,

        @Parameter(description = "highest price in US dollars per instance-hour, without volume", example = "0.5")
        @PositiveOrZero @Nullable BigDecimal maxUsdPerHour,

        @Parameter(
                description = "false: also types that have no known price for this component; they cannot be used",
                example = "true",
                schema = @Schema(type = "boolean", defaultValue = "true"))
        @Nullable Boolean priced,

        @Parameter(description = "AWS region; your lab's own by default", example = "us-east-1") @Nullable String region,

        @Parameter(description = "1 to 500, default 50", example = "10") @Min(1) @Max(500) @Nullable Integer limit) {

    static final int DEFAULT_LIMIT = 50;

    static Wish of(Component component) {
        return new Wish(component.label(), null, null, null, null, null, null, null, null);
    }

    Component use() {
        return component == null ? Component.TRAINING : Component.of(component);
    }

    int most() {
        return Objects.requireNonNullElse(limit, DEFAULT_LIMIT);
    }

    boolean fits(InstanceType type) {
        return (category == null || type.category() == Category.of(category))
                && type.vcpu() >= Objects.requireNonNullElse(minVcpu, 0)
                && type.gpus() >= Objects.requireNonNullElse(minGpus, 0)
                && (minMemoryGib == null || type.memoryGib().compareTo(minMemoryGib) >= 0);
    }

    boolean affords(Optional<Price> price) {
        return price.map(known -> maxUsdPerHour == null || known.usd().compareTo(maxUsdPerHour) <= 0)
                .orElse(maxUsdPerHour == null && Boolean.FALSE.equals(priced));
    }
}
