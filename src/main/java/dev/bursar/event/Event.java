package dev.bursar.event;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A fact as it stands in the table. */
public record Event(
        @Schema(example = "42") String id,
        @Schema(description = "UTC") Instant at,
        @Schema(example = "workload.started") String type,
        @Schema(example = "chem") @Nullable String lab,

        @Schema(description = "the id of what it happened to", example = "06a0k9x4wsn3q7rt")
        String subject,

        @Schema(description = "member who did it, or bursar itself", example = "chem/ada")
        String actor,

        @Schema(description = "the person a portal acted for") @Nullable String onBehalfOf,

        @Schema(description = "the API key that was used") @Nullable String keyId,

        @Nullable String requestId,

        @Schema(description = "before and after", types = "object") @JsonRawValue @Nullable String data) {}
