/** Jobs: training. A request, its SageMaker call, and what is read of it. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"core", "web", "lab", "event", "aws", "catalogue", "algorithm", "workload", "dataset"})
package dev.bursar.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
