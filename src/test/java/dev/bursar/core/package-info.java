/** Values. */
@NullMarked
package dev.bursar.core;

import org.jspecify.annotations.NullMarked;
