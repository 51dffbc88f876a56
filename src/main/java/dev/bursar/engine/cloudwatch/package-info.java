// SPDX-License-Identifier: Apache-2.0
/** CloudWatch Logs over the children's logs; metrics of invocations. */
@ApplicationModule(allowedDependencies = {"engine.machine", "engine.store", "engine.wire"})
@NullMarked
package dev.bursar.engine.cloudwatch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
