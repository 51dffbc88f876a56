// SPDX-License-Identifier: Apache-2.0
/** How anything that takes time goes on: its thread, its hosts, its way from creation to end. */
@ApplicationModule(
        allowedDependencies = {
            "engine.container",
            "engine.machine",
            "engine.nastiness",
            "engine.s3",
            "engine.store",
            "engine.wire",
            "engine.xgboost"
        })
@NullMarked
package dev.bursar.engine.run;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
