// SPDX-License-Identifier: Apache-2.0
/** Endpoints: their configurations, their fleets, and who invokes them. */
@ApplicationModule(
        allowedDependencies = {
            "engine.cloudwatch",
            "engine.machine",
            "engine.model",
            "engine.nastiness",
            "engine.run",
            "engine.store",
            "engine.wire"
        })
@NullMarked
package dev.bursar.engine.endpoint;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
