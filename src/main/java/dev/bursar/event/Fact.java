package dev.bursar.event;

import dev.bursar.core.LabId;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
 *
 * @param type what, as {@code workload.started}
 * @param subject the id of what it happened to
 * @param before how it was; null when it is new or nothing changed
 * @param after how it is now, or what there is to say of it
 */
public record Fact(
        String type,
        @Nullable LabId lab,
        String subject,
        @Nullable Object before,
        @Nullable Object after) {

    public static Fact of(String type, @Nullable LabId lab, String subject, @Nullable Object after) {
        return new Fact(type, lab, subject, null, after);
    }
}
