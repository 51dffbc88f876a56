package dev.bursar.lab;

import dev.bursar.core.LabId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A tenant: members, budgets, data and workloads belong to exactly one. */
@Entity
class Lab {

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    private String name;
    private @Nullable String externalId;
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Lab() {}

    Lab(LabId id, String name, @Nullable String externalId, Instant now) {
        this.id = id.value();
        this.name = name;
        this.externalId = externalId;
        this.createdAt = now;
    }

    LabId id() {
        return new LabId(id);
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
}
