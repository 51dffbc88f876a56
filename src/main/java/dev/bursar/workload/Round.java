package dev.bursar.workload;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/** One worker's way through the rows that it has claimed. What it does not come to it gives back at once. */
final class Round {

    private final Claims claims;
    private final Timing timing;
    private final Pace pace;
    private final Setbacks setbacks;
    private volatile boolean ending;

    Round(Claims claims, Timing timing, Pace pace, Setbacks setbacks) {
        this.claims = claims;
        this.timing = timing;
        this.pace = pace;
        this.setbacks = setbacks;
    }

    /** The process is about to end: after the row at hand everything is given back, so that others go on at once. */
    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** Works until calls run short; a row that fails does not keep the others waiting. */
    void work(List<Claim> batch, Consumer<Claim> each) {
        var left = new ArrayDeque<>(batch);
        var pauses = pace.pauses();
        while (!left.isEmpty() && !ending && pace.pauses() == pauses) {
            safely(left.remove(), each);
        }
        claims.release(List.copyOf(left), timing.now());
    }

    private void safely(Claim claim, Consumer<Claim> work) {
        try {
            work.accept(claim);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            setbacks.note(claim, e);
        }
    }
}
