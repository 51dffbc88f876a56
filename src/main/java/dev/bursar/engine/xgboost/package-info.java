// SPDX-License-Identifier: Apache-2.0
/** The built-in XGBoost: what runs in child JVMs, and how these are started. */
@ApplicationModule(allowedDependencies = {"engine.machine", "algorithm"})
@NullMarked
package dev.bursar.engine.xgboost;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
