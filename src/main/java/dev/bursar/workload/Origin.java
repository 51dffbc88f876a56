package dev.bursar.workload;

import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.ProjectId;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/** Of what kind a workload is, whose, and what they call it. Never changes. */
@Embeddable
record Origin(String kind, String labId, @Nullable String projectId, String memberId, String name) {

    static Origin of(String kind, LabId lab, MemberId member, Spec spec) {
        var project = spec.project();
        return new Origin(kind, lab.value(), project == null ? null : project.value(), member.value(), spec.name());
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
