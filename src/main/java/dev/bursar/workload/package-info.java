/** The one lifecycle of everything that costs money. Knows no kind. */
@NullMarked
@ApplicationModule(allowedDependencies = {"core", "web", "lab", "event", "aws", "catalogue", "budget"})
package dev.bursar.workload;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
