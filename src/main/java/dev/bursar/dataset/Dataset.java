package dev.bursar.dataset;

import dev.bursar.core.LabId;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Named data of a lab. What it holds is in S3 and is asked there, never remembered here. */
@Entity
class Dataset {

    @EmbeddedId
    private Key key;

    @Version
    private @Nullable Long version;

    private @Nullable String description;
    private Instant createdAt;
    private String createdBy;

    @SuppressWarnings("NullAway.Init")
    protected Dataset() {}

    Dataset(LabId lab, DatasetName name, @Nullable String description, Instant now, String by) {
        this.key = new Key(lab.value(), name.value());
        this.description = description;
        this.createdAt = now;
        this.createdBy = by;
    }

    LabId lab() {
        return new LabId(key.labId());
    }

    String name() {
        return key.name();
    }

    @Nullable String description() {
        return description;
    }

    Instant createdAt() {
        return createdAt;
    }

    String createdBy() {
        return createdBy;
    }

    @Embeddable
    record Key(String labId, String name) implements Serializable {

        static Key of(LabId lab, String name) {
            return new Key(lab.value(), name);
        }
    }
}
