/** What refusals mean. */
@NullMarked
package dev.bursar.aws;

import org.jspecify.annotations.NullMarked;
