// SPDX-License-Identifier: Apache-2.0
/**
 * An embedded stand-in for Amazon SageMaker training jobs, their logs, STS and S3, which speaks the real wire protocol
 * and really trains. Plain Java; it meets the rest of the world over HTTP only. This is the
 * house around its rooms: it starts everything and says who answers what. Each room declares which others it may use.
 */
@ApplicationModule(
        allowedDependencies = {
            "algorithm",
            "engine.cloudwatch",
            "engine.container",
            "engine.endpoint",
            "engine.machine",
            "engine.model",
            "engine.nastiness",
            "engine.processing",
            "engine.run",
            "engine.s3",
            "engine.scheduler",
            "engine.store",
            "engine.training",
            "engine.transform",
            "engine.tuning",
            "engine.walls",
            "engine.wire",
            "engine.xgboost"
        })
@NullMarked
package dev.bursar.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
