// SPDX-License-Identifier: Apache-2.0
/**
 * What stands between a child and the rest of the machine: what the child is shown, and the ways to show it nothing else.
 * Knows no job.
 */
@ApplicationModule(allowedDependencies = {"engine.machine"})
@NullMarked
package dev.bursar.engine.walls;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
