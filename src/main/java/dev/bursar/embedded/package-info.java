/** Starts PostgreSQL and the engine when nothing else is configured, and hands over their addresses. */
@NullMarked
@ApplicationModule(allowedDependencies = {"core", "aws", "engine"})
package dev.bursar.embedded;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
