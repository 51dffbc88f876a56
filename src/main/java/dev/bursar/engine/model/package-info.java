// SPDX-License-Identifier: Apache-2.0
/** Models, and the processes that serve them. */
@ApplicationModule(
        allowedDependencies = {
            "engine.container",
            "engine.machine",
            "engine.run",
            "engine.s3",
            "engine.store",
            "engine.wire"
        })
@NullMarked
package dev.bursar.engine.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
