package dev.bursar.engine;

/** A call is refused: carries the error to the one place that writes it on the wire. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient WireError error;

    Refusal(WireError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    static Refusal validation(String message) {
        return new Refusal(WireError.validation(message));
    }

    WireError error() {
        return error;
    }
}
