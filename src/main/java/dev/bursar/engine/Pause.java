package dev.bursar.engine;

/** A short wait in real time between two looks at the clock, which may run faster. */
final class Pause {

    private Pause() {}

    static void brief() {
        sleep(30);
    }

    /** For what takes milliseconds. */
    static void tiny() {
        sleep(2);
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
