/** Who gets in. */
@NullMarked
package dev.bursar.lab;

import org.jspecify.annotations.NullMarked;
