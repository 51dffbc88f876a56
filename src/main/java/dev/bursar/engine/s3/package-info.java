// SPDX-License-Identifier: Apache-2.0
/** S3 on a folder, and the engine's own way to it. */
@ApplicationModule(allowedDependencies = {"engine.machine", "engine.wire"})
@NullMarked
package dev.bursar.engine.s3;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
