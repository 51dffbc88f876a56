package dev.bursar.engine;

/** A short wait in real time between two looks at the clock, which may run faster. */
final class Pause {

    private Pause() {}

    static void brief() {
        try {
            Thread.sleep(40);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
