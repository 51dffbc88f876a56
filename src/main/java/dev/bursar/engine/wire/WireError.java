// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

/** An error as the client sees it. */
public record WireError(int status, String code, String message) {

    static WireError validation(String message) {
        return new WireError(400, "ValidationException", message);
    }
}
