package dev.bursar.workload;

import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import org.jspecify.annotations.Nullable;

/** Work of a made-up kind that runs until it is stopped. */
record LeasedSpec(
        String name,
        @Nullable String lab,
        @Nullable ProjectId project,
        @Nullable Integer priority,
        @Nullable Money maxCost)
        implements Spec {}
