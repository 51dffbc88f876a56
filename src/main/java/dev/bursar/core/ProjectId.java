package dev.bursar.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A project, by its name within a lab. */
public record ProjectId(@JsonValue String value) {

    @JsonCreator
    public static ProjectId of(String value) {
        return new ProjectId(Slug.checked(value));
    }

    @Override
    public String toString() {
        return value;
    }
}
