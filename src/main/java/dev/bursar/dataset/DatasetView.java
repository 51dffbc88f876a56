package dev.bursar.dataset;

import dev.bursar.core.LabId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A dataset in a list. */
@Schema(name = "Dataset")
record DatasetView(
        @Schema(example = "biopsies") String name,
        @Schema(type = "string", example = "chem") LabId lab,
        @Nullable String description,
        Instant createdAt,
        @Schema(example = "chem/ada") String createdBy) {

    static DatasetView of(Dataset dataset) {
        return new DatasetView(
                dataset.name(), dataset.lab(), dataset.description(), dataset.createdAt(), dataset.createdBy());
    }
}
