// SPDX-License-Identifier: Apache-2.0
/**
 * What is asked of this machine: files that survive a crash, archives, private folders, child processes and their logs.
 * Knows no AWS.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.bursar.engine.machine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
