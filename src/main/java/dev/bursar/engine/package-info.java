/**
 * An embedded stand-in for Amazon SageMaker training jobs, their logs, STS and S3, which speaks the real wire protocol
 * and really trains. Plain Java; it meets the rest of the world over HTTP only.
 */
@ApplicationModule(allowedDependencies = {"algorithm"})
@NullMarked
package dev.bursar.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
