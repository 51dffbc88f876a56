// SPDX-License-Identifier: Apache-2.0
/** As nasty as SageMaker, on demand. */
@ApplicationModule(allowedDependencies = {"engine.store", "engine.wire"})
@NullMarked
package dev.bursar.engine.nastiness;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
