package dev.bursar.budget;

/** A window's four numbers, in micro-dollars. */
record Sums(long amount, long held, long charged, long overrun) {

    static Sums of(Model.Window window) {
        return new Sums(window.amount, window.held, window.charged, window.overrun);
    }
}
