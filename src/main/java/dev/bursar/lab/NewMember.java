package dev.bursar.lab;

import dev.bursar.core.MemberId;
import dev.bursar.core.Role;
import dev.bursar.core.Slug;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Who is to be in a lab, and as what. */
record NewMember(
        @Schema(type = "string", pattern = Slug.PATTERN, example = "ada", description = Slug.MEANING) @NotNull MemberId id,

        @NotBlank @Size(max = 200) String name,

        @Schema(description = "VIEWER, MEMBER or OWNER", example = "MEMBER") @NotNull Role role,

        @Nullable @Size(max = 200) String externalId) {}
