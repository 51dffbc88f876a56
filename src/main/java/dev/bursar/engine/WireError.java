package dev.bursar.engine;

/** An error as the client sees it. */
record WireError(int status, String code, String message) {

    static WireError validation(String message) {
        return new WireError(400, "ValidationException", message);
    }
}
