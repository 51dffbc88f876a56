// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

/** A call is refused: carries the error to the one place that writes it on the wire. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient WireError error;

    public Refusal(WireError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    public static Refusal validation(String message) {
        return new Refusal(WireError.validation(message));
    }

    public WireError error() {
        return error;
    }
}
