package dev.bursar.budget;

import dev.bursar.core.MemberId;
import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A budget that is to be opened. With neither project nor member it is the whole lab's. */
record NewBudget(
        @Schema(description = "for admins and portals: whose budget", example = "chem") @Nullable String lab,

        @Schema(type = "string", description = "only for this project", example = "lesson") @Nullable ProjectId project,

        @Schema(type = "string", description = "only for this member", example = "ada") @Nullable MemberId member,

        @NotBlank @Size(max = 200) String name,

        @Schema(description = "US dollars, at most 6 decimals", example = "20") @NotNull Money amount,

        @Schema(description = "the grant that pays, as the funder names it", example = "NSF-2141064")
        @Nullable @Size(max = 200) String reference,

        @Schema(description = "how your portal names it") @Nullable @Size(max = 200) String externalId,

        @Schema(description = "from when it pays; now, when absent") @Nullable Instant startsAt,

        @Schema(
                description =
                        "until when it pays, exclusive; for ever, when absent. Work is admitted only if it is surely over by then.")
        @Nullable Instant endsAt) {}
