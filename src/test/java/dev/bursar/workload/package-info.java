/** The lifecycle, walked by a kind that only the tests know. */
@NullMarked
package dev.bursar.workload;

import org.jspecify.annotations.NullMarked;
