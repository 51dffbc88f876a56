/** What happens to everybody while PostgreSQL does not answer. */
@NullMarked
package dev.bursar.database;

import org.jspecify.annotations.NullMarked;
