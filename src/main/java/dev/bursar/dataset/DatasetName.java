package dev.bursar.dataset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.bursar.core.Slug;

/** What a dataset is called within its lab; it stands in addresses and in S3 keys. */
record DatasetName(@JsonValue String value) {

    @JsonCreator
    static DatasetName of(String value) {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("a dataset's name has " + Slug.MEANING);
        }
        return new DatasetName(value);
    }

    static boolean isWellFormed(String value) {
        return value.matches(Slug.PATTERN);
    }

    @Override
    public String toString() {
        return value;
    }
}
