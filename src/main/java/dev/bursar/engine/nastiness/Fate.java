// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

/** What becomes of a call. */
enum Fate {
    /** It is answered as it should be. */
    ANSWERED,
    /** It is refused as one too many. */
    THROTTLED,
    /** It fails before anything was done. */
    ERROR_BEFORE,
    /** It is done, but the answer says that it failed. */
    ERROR_AFTER,
    /** The connection closes before anything was done. */
    RESET_BEFORE,
    /** It is done, but the connection closes instead of an answer. */
    RESET_AFTER
}
