package dev.bursar.dataset;

import dev.bursar.core.Slug;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** A dataset that is asked for. */
record NewDataset(
        @Schema(type = "string", pattern = Slug.PATTERN, description = Slug.MEANING, example = "biopsies") @NotNull DatasetName name,

        @Schema(description = "at most 1,000 characters", example = "569 breast biopsies") @Nullable @Size(max = 1_000) String description,

        @Schema(description = "for admins: the lab that is meant", example = "chem") @Nullable String lab) {}
