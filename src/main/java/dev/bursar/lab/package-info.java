/** Labs, their projects, members and keys; turns a key into a caller. */
@NullMarked
@ApplicationModule(allowedDependencies = {"core", "web", "event"})
package dev.bursar.lab;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
