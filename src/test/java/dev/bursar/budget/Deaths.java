package dev.bursar.budget;

import java.util.function.Supplier;

/** Lets a step die between two of its statements, looks whether it left anything behind, and repeats it. */
final class Deaths {

    private final Ledger ledger;
    private final Runnable nothingHappened;
    private int after;
    private boolean happened;

    Deaths(Ledger ledger, Runnable nothingHappened) {
        this.ledger = ledger;
        this.nothingHappened = nothingHappened;
    }

    /** @param statements after which the next step dies; 0: it does not */
    void prepare(int statements) {
        after = statements;
        happened = false;
    }

    boolean happened() {
        return happened;
    }

    <T> T survive(Supplier<T> step) {
        if (after > 0) {
            ledger.mortal.dieAfter(after);
        }
        try {
            return step.get();
        } catch (Mortal.Died e) {
            happened = true;
        } finally {
            ledger.mortal.live();
        }
        nothingHappened.run();
        return step.get();
    }
}
