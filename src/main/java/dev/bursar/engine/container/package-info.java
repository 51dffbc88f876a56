// SPDX-License-Identifier: Apache-2.0
/** What an image asks for and what a container would find: files, variables, program. */
@ApplicationModule(allowedDependencies = {"engine.machine", "engine.s3", "engine.wire", "engine.xgboost", "algorithm"})
@NullMarked
package dev.bursar.engine.container;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
