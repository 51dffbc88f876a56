@NullMarked
package dev.bursar;

import org.jspecify.annotations.NullMarked;
