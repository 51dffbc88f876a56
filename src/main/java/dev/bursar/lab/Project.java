package dev.bursar.lab;

import dev.bursar.core.LabId;
import dev.bursar.core.ProjectId;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A named part of a lab, such as a paper or a course, for grouping and for budgets. */
@Entity
class Project {

    @EmbeddedId
    private Key key;

    @Version
    private @Nullable Long version;

    private String name;
    private @Nullable String externalId;
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Project() {}

    Project(LabId lab, ProjectId id, String name, @Nullable String externalId, Instant now) {
        this.key = new Key(lab.value(), id.value());
        this.name = name;
        this.externalId = externalId;
        this.createdAt = now;
    }

    ProjectId id() {
        return new ProjectId(key.id());
    }

    LabId lab() {
        return new LabId(key.labId());
    }

    String name() {
        return name;
    }

    @Nullable String externalId() {
        return externalId;
    }

    Instant createdAt() {
        return createdAt;
    }

    @Embeddable
    record Key(String labId, String id) implements Serializable {}
}
