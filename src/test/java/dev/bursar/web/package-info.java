@NullMarked
package dev.bursar.web;

import org.jspecify.annotations.NullMarked;
