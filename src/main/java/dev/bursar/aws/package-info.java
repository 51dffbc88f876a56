/** Connections to AWS or to whatever stands in for it, and what its refusals mean. */
@NullMarked
@ApplicationModule(allowedDependencies = {"core"})
package dev.bursar.aws;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
