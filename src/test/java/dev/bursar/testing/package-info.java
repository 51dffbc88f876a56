/** What tests of several modules use: a service with everything embedded, and people who call it. */
@NullMarked
package dev.bursar.testing;

import org.jspecify.annotations.NullMarked;
