/** Instance types with their prices, and the algorithms that can be run. */
@NullMarked
@ApplicationModule(allowedDependencies = {"core", "web", "aws", "algorithm"})
package dev.bursar.catalogue;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
