/** What happened: one table that is history of a workload, audit log and outbox. */
@NullMarked
@ApplicationModule(allowedDependencies = {"core", "web"})
package dev.bursar.event;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
