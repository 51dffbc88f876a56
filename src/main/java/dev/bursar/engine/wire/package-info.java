// SPDX-License-Identifier: Apache-2.0
/**
 * How a call reaches the engine and is answered: socket, protocol, signature, AWS's words and refusals. Knows no machine.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.bursar.engine.wire;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
