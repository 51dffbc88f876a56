// SPDX-License-Identifier: Apache-2.0
/** EventBridge Scheduler. */
@ApplicationModule(allowedDependencies = {"engine.machine", "engine.run", "engine.wire"})
@NullMarked
package dev.bursar.engine.scheduler;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
