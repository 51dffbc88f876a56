package dev.bursar.embedded;

/** A port that the configuration asks for belongs to somebody else. */
final class PortTaken extends RuntimeException {

    PortTaken(int port, String setting) {
        super("Port " + port + " is taken: stop whoever listens there, or choose another one with " + setting + ".");
    }
}
