package dev.bursar.workload;

import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.ProjectId;
import jakarta.persistence.Embeddable;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Of what kind a workload is, whose, what they call it, when they asked and how urgent it is to them. Never changes.
 *
 * @param awsAccountId the row of the AWS account that it runs in, also if the lab moves to another one meanwhile
 * @param priority higher ones leave the queue first
 */
@Embeddable
record Origin(
        String kind,
        String labId,
        @Nullable String projectId,
        String memberId,
        String name,
        Instant createdAt,
        long awsAccountId,
        int priority) {

    static Origin of(Admission.Request request, MemberId member, long awsAccountId, Instant now) {
        var spec = request.spec();
        return new Origin(
                request.kind(),
                request.lab().value(),
                spec.project() == null ? null : spec.project().value(),
                member.value(),
                spec.name(),
                now,
                awsAccountId,
                Objects.requireNonNullElse(spec.priority(), 0));
    }

    LabId lab() {
        return new LabId(labId);
    }

    @Nullable ProjectId project() {
        return projectId == null ? null : new ProjectId(projectId);
    }

    MemberId member() {
        return new MemberId(memberId);
    }
}
