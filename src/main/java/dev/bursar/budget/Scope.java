package dev.bursar.budget;

import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.ProjectId;
import org.jspecify.annotations.Nullable;

/** Whose work it is: all budgets that apply to it bind. */
record Scope(LabId lab, @Nullable ProjectId project, MemberId member) {

    @Nullable String projectId() {
        return project == null ? null : project.value();
    }
}
