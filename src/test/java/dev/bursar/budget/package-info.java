/** Money on real PostgreSQL, against a model that shares no code with it. */
@NullMarked
package dev.bursar.budget;

import org.jspecify.annotations.NullMarked;
