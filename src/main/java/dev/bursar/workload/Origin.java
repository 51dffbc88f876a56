package dev.bursar.workload;

import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.ProjectId;
import jakarta.persistence.Embeddable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Of what kind a workload is, whose, what they call it and when they asked. Never changes. */
@Embeddable
record Origin(String kind, String labId, @Nullable String projectId, String memberId, String name, Instant createdAt) {

    static Origin of(String kind, LabId lab, MemberId member, Spec spec, Instant now) {
        var project = spec.project();
        return new Origin(
                kind, lab.value(), project == null ? null : project.value(), member.value(), spec.name(), now);
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
