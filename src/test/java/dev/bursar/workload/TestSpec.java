package dev.bursar.workload;

import dev.bursar.core.Money;
import dev.bursar.core.ProjectId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Work of a made-up kind, at a tenth of a cent for a second. */
record TestSpec(
        String name,
        @Nullable String lab,
        @Nullable ProjectId project,
        @Nullable Integer priority,
        @Nullable Money maxCost,
        Duration limit)
        implements Spec {}
