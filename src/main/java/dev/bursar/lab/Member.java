package dev.bursar.lab;

import dev.bursar.core.LabId;
import dev.bursar.core.MemberId;
import dev.bursar.core.Role;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A person or a portal's service account in a lab; an admin is in none. */
@Entity
class Member {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long key;

    @Version
    private @Nullable Long version;

    private @Nullable String labId;

    @Column(name = "id")
    private String memberId;

    private String name;

    @Enumerated(EnumType.STRING)
    private Role role;

    private @Nullable String externalId;
    private @Nullable Instant removedAt;
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Member() {}

    Member(@Nullable LabId lab, MemberId id, String name, Role role, @Nullable String externalId, Instant now) {
        this.labId = lab == null ? null : lab.value();
        this.memberId = id.value();
        this.name = name;
        this.role = role;
        this.externalId = externalId;
        this.createdAt = now;
    }

    /** What it did keeps its name. */
    void leave(Instant now) {
        removedAt = now;
    }

    void comeBack(String newName, Role newRole, @Nullable String newExternalId) {
        removedAt = null;
        name = newName;
        role = newRole;
        externalId = newExternalId;
    }

    long key() {
        return java.util.Objects.requireNonNull(key, "a member that is stored");
    }

    @Nullable LabId lab() {
        return labId == null ? null : new LabId(labId);
    }

    MemberId id() {
        return new MemberId(memberId);
    }

    String name() {
        return name;
    }

    Role role() {
        return role;
    }

    @Nullable String externalId() {
        return externalId;
    }

    boolean hasLeft() {
        return removedAt != null;
    }

    Instant createdAt() {
        return createdAt;
    }
}
