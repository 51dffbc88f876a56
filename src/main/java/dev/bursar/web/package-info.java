/** What all of the REST interface shares: problems, paging, idempotent answers. */
@NullMarked
@ApplicationModule(allowedDependencies = {"core", "database"})
package dev.bursar.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
