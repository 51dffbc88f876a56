// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.s3;

import java.util.Optional;
import java.util.regex.Pattern;

/** {@code s3://bucket/key}. */
public record S3Location(String bucket, String key) {

    private static final Pattern URI = Pattern.compile("s3://([^/]+)(?:/(.*))?");

    public static Optional<S3Location> parse(String uri) {
        var parts = URI.matcher(uri);
        return parts.matches()
                ? Optional.of(new S3Location(parts.group(1), parts.group(2) == null ? "" : parts.group(2)))
                : Optional.empty();
    }

    /** A key below this one, taken as a folder. */
    public S3Location child(String name) {
        return new S3Location(bucket, key.isEmpty() || key.endsWith("/") ? key + name : key + "/" + name);
    }

    /**
     * The name of an object in a channel's folder: relative to the prefix when that names a folder, else to the folder
     * in which the prefix lies.
     */
    public String relative(String objectKey) {
        if (objectKey.startsWith(key + "/")) {
            return objectKey.substring(key.length() + 1);
        }
        return objectKey.substring(key.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + key;
    }
}
