package dev.bursar.workload;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.bursar.core.Ids;
import java.time.Instant;

/** A workload, by 16 characters that sort by age (rule N1). */
public record WorkloadId(@JsonValue String value) {

    @JsonCreator
    public static WorkloadId of(String value) {
        if (!Ids.isWellFormed(value)) {
            throw new IllegalArgumentException("an id has 16 digits and lower-case letters without i, l, o, u");
        }
        return new WorkloadId(value);
    }

    static WorkloadId next(Instant now) {
        return new WorkloadId(Ids.next(now));
    }

    @Override
    public String toString() {
        return value;
    }
}
