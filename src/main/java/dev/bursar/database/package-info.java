/** Who gets a connection to PostgreSQL, and whether it answers at all. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.bursar.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
