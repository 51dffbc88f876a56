// SPDX-License-Identifier: Apache-2.0
/** What is kept, kind by kind; list, search and tags, the same for all kinds. */
@ApplicationModule(allowedDependencies = {"engine.machine", "engine.wire"})
@NullMarked
package dev.bursar.engine.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
