/** Named data of a lab in its own part of S3. */
@NullMarked
@ApplicationModule(allowedDependencies = {"core", "web", "lab", "event", "aws"})
package dev.bursar.dataset;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
