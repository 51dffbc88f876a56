/** The published contract: the OpenAPI file, its examples, who may do what, and what becomes of bad input. */
@NullMarked
package dev.bursar.contract;

import org.jspecify.annotations.NullMarked;
