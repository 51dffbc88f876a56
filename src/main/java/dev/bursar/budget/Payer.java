package dev.bursar.budget;

import dev.bursar.core.Money;
import io.swagger.v3.oas.annotations.media.Schema;

/** A budget that would pay for something. All that apply hold the same amount; the strictest decides. */
public record Payer(
        @Schema(example = "06a0k9x4wsn3q7rt") String budget,
        @Schema(example = "Teaching grant 2026") String name,

        @Schema(description = "US dollars that it has free now", example = "19.957069")
        Money available) {}
