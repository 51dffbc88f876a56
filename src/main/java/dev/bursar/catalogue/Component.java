package dev.bursar.catalogue;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.bursar.web.Problem;
import java.util.Arrays;
import java.util.Locale;

/** What an instance is used for. SageMaker has a price for each, and offers different types for each. */
public enum Component {
    /** Training jobs and the trials of tuning jobs. */
    TRAINING,
    /** Processing jobs. */
    PROCESSING,
    /** Real-time endpoints. */
    HOSTING,
    /** Batch transform jobs. */
    TRANSFORM;

    /** Reads a component as people write it in an address. */
    static Component of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        "component", "must be one of training, processing, hosting and transform, not '" + name + "'"));
    }

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
