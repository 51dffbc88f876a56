package dev.bursar.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A lab, by the name that its admin chose: it stands in addresses and in S3 keys. */
public record LabId(@JsonValue String value) {

    @JsonCreator
    public static LabId of(String value) {
        return new LabId(Slug.checked(value));
    }

    @Override
    public String toString() {
        return value;
    }
}
