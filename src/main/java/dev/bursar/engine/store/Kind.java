// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import dev.bursar.engine.wire.Refusal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.databind.JsonNode;

/**
 * A kind of resource, told by the names SageMaker gives to the members of its Describe response: {@code TrainingJob} has
 * a {@code TrainingJobName}, a {@code TrainingJobArn}, a {@code TrainingJobStatus}.
 *
 * @param stem how the members begin
 * @param path what stands before the name in an ARN
 * @param reader reads a Describe response
 * @param unknown the refusal of a name, or an ARN, that is not there
 */
public record Kind<D extends SdkPojo>(
        String stem,
        String path,
        Function<JsonNode, D> reader,
        Function<String, Refusal> unknown,
        Map<String, SdkField<?>> fields) {

    Kind(String stem, String path, Function<JsonNode, D> reader, Function<String, Refusal> unknown) {
        this(stem, path, reader, unknown, new ConcurrentHashMap<>());
    }

    public String name(D resource) {
        return text(resource, stem + "Name");
    }

    String arn(D resource) {
        return text(resource, stem + "Arn");
    }

    /** The status, which models and configurations do not have. */
    public String status(D resource) {
        return text(resource, stem + "Status");
    }

    public Instant creationTime(D resource) {
        return time(resource, "CreationTime").orElse(Instant.EPOCH);
    }

    /** Of transform jobs and immutable resources, which do not show it, the latest time they do show. */
    public Instant lastModifiedTime(D resource) {
        var started = stem.replace("Job", "") + "StartTime";
        var ended = stem.replace("Job", "") + "EndTime";
        return Stream.of("LastModifiedTime", ended, started, "CreationTime")
                .flatMap(member -> time(resource, member).stream())
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    private String text(D resource, String member) {
        return value(resource, member) instanceof String text ? text : "";
    }

    private Optional<Instant> time(D resource, String member) {
        return value(resource, member) instanceof Instant time ? Optional.of(time) : Optional.empty();
    }

    private @Nullable Object value(D resource, String member) {
        if (fields.isEmpty()) {
            resource.sdkFields().forEach(field -> fields.put(field.locationName(), field));
        }
        var field = fields.get(member);
        return field == null ? null : field.getValueOrDefault(resource);
    }
}
