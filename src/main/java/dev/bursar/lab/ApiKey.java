package dev.bursar.lab;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a member calls with. Only its hash is kept. */
@Entity
class ApiKey {

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    private long memberKey;

    @SuppressWarnings("UnusedVariable") // read by queries only
    private byte[] hash;

    private String label;
    private boolean mayFund;
    private Instant createdAt;
    private @Nullable Instant expiresAt;
    private @Nullable Instant revokedAt;

    @SuppressWarnings("NullAway.Init")
    protected ApiKey() {}

    ApiKey(
            String id,
            Member member,
            Secret secret,
            String label,
            boolean mayFund,
            Instant now,
            @Nullable Instant expiresAt) {
        this.id = id;
        this.memberKey = member.key();
        this.hash = secret.hash();
        this.label = label;
        this.mayFund = mayFund;
        this.createdAt = now;
        this.expiresAt = expiresAt;
    }

    /** From now on it opens nothing; revoking again changes nothing. */
    void revoke(Instant now) {
        if (revokedAt == null) {
            revokedAt = now;
        }
    }

    boolean isValid(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    String id() {
        return id;
    }

    long memberKey() {
        return memberKey;
    }

    String label() {
        return label;
    }

    boolean mayFund() {
        return mayFund;
    }

    Instant createdAt() {
        return createdAt;
    }

    @Nullable Instant expiresAt() {
        return expiresAt;
    }

    @Nullable Instant revokedAt() {
        return revokedAt;
    }
}
