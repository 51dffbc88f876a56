package dev.bursar.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A member, by its name within a lab. */
public record MemberId(@JsonValue String value) {

    @JsonCreator
    public static MemberId of(String value) {
        return new MemberId(Slug.checked(value));
    }

    @Override
    public String toString() {
        return value;
    }
}
