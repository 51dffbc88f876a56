package dev.bursar.dataset;

import dev.bursar.core.LabId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A dataset with what it holds. */
record DatasetDetails(
        @Schema(example = "biopsies") String name,
        @Schema(type = "string", example = "chem") LabId lab,
        @Nullable String description,
        Instant createdAt,
        @Schema(example = "chem/ada") String createdBy,
        Storage storage) {

    static DatasetDetails of(Dataset dataset, Size size) {
        return new DatasetDetails(
                dataset.name(),
                dataset.lab(),
                dataset.description(),
                dataset.createdAt(),
                dataset.createdBy(),
                Storage.of(size));
    }

    /** What lies in S3 and what S3 asks for it. */
    @Schema(name = "DatasetStorage")
    record Storage(
            @Schema(example = "2") long files,
            @Schema(example = "118290") long bytes,

            @Schema(description = "false: there is more than was counted")
            boolean complete,

            @Schema(description = "US dollars a month at 0.023 per GB", example = "0.000003")
            BigDecimal usdPerMonth,

            @Schema(example = "S3 asks for storage by itself; no budget covers it.")
            String note) {

        static Storage of(Size size) {
            return new Storage(
                    size.files(),
                    size.bytes(),
                    size.complete(),
                    size.usdPerMonth(),
                    "S3 asks for storage by itself; no budget covers it.");
        }
    }
}
