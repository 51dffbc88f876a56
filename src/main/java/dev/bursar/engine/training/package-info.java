// SPDX-License-Identifier: Apache-2.0
/** Training jobs. */
@ApplicationModule(
        allowedDependencies = {
            "engine.container",
            "engine.machine",
            "engine.run",
            "engine.s3",
            "engine.store",
            "engine.wire",
            "engine.xgboost",
            "algorithm"
        })
@NullMarked
package dev.bursar.engine.training;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
