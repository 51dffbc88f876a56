/** Values that every module speaks: money, rates, ids and who is calling. No beans. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.bursar.core;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
