/** Money: budgets, holds, the ledger. Knows no workload. */
@NullMarked
@ApplicationModule(allowedDependencies = {"core", "web", "lab", "event"})
package dev.bursar.budget;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
