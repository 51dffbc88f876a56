// SPDX-License-Identifier: Apache-2.0
/** Tuning jobs: which trials are made, and when it is enough. */
@ApplicationModule(allowedDependencies = {"engine.run", "engine.store", "engine.training", "engine.wire"})
@NullMarked
package dev.bursar.engine.tuning;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
