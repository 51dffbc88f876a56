package dev.bursar.catalogue;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.bursar.web.Problem;
import java.util.Arrays;
import java.util.Locale;

/** What an instance type is good at. */
public enum Category {
    /** General-purpose and compute-optimised. */
    CPU,
    /** With NVIDIA GPUs. */
    GPU,
    /** Much memory for each vCPU. */
    MEMORY,
    /** With Trainium, Inferentia or Gaudi chips, which need code made for them. */
    ACCELERATOR;

    static Category of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        "category", "must be one of cpu, gpu, memory and accelerator, not '" + name + "'"));
    }

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
