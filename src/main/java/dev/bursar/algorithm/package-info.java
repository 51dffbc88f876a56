/** What is known about the built-in algorithms before anything runs: images, hyperparameters, metrics, data. Pure. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.bursar.algorithm;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
