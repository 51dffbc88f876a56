package dev.bursar.lab;

import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A member as the interface shows it. */
record MemberView(
        @Schema(type = "string", example = "ada") MemberId id,
        @Schema(type = "string", example = "chem") @Nullable LabId lab,
        String name,
        Role role,
        @Nullable String externalId,
        Instant createdAt) {

    static MemberView of(Member member) {
        return new MemberView(
                member.id(), member.lab(), member.name(), member.role(), member.externalId(), member.createdAt());
    }
}
