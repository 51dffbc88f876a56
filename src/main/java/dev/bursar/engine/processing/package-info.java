// SPDX-License-Identifier: Apache-2.0
/** Processing jobs. */
@ApplicationModule(allowedDependencies = {"engine.machine", "engine.run", "engine.s3", "engine.store", "engine.wire"})
@NullMarked
package dev.bursar.engine.processing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
