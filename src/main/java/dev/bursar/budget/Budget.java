package dev.bursar.budget;

import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.ProjectId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a budget is for. What it holds is in its window, which money alone writes. */
@Entity
class Budget {

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    private String labId;
    private @Nullable String projectId;
    private @Nullable String memberId;
    private String name;
    private @Nullable String reference;
    private @Nullable String externalId;

    @SuppressWarnings("UnusedVariable") // asked for by BudgetRepository, written by Revisions
    private @Nullable Instant closedAt;

    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Budget() {}

    Budget(String id, LabId lab, NewBudget asked, Instant now) {
        this.id = id;
        this.labId = lab.value();
        this.projectId = asked.project() == null ? null : asked.project().value();
        this.memberId = asked.member() == null ? null : asked.member().value();
        this.name = asked.name();
        this.reference = asked.reference();
        this.externalId = asked.externalId();
        this.createdAt = now;
    }

    String id() {
        return id;
    }

    LabId lab() {
        return new LabId(labId);
    }

    @Nullable ProjectId project() {
        return projectId == null ? null : new ProjectId(projectId);
    }

    @Nullable MemberId member() {
        return memberId == null ? null : new MemberId(memberId);
    }

    boolean isOfWholeLab() {
        return projectId == null && memberId == null;
    }

    String name() {
        return name;
    }

    @Nullable String reference() {
        return reference;
    }

    @Nullable String externalId() {
        return externalId;
    }

    Instant createdAt() {
        return createdAt;
    }
}
