// SPDX-License-Identifier: Apache-2.0
/** Batch transform jobs. */
@ApplicationModule(
        allowedDependencies = {
            "engine.machine",
            "engine.model",
            "engine.run",
            "engine.s3",
            "engine.store",
            "engine.wire"
        })
@NullMarked
package dev.bursar.engine.transform;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
