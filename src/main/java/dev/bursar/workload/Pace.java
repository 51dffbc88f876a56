package dev.bursar.workload;

import dev.bursar.aws.NoCallLeft;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whose calls are used up for the moment: one kind of one lab at a time, because labs may have accounts of their own.
 * Rows of such are not claimed until calls are left again, so that a long queue does not ask for each row in vain and
 * keeps its order.
 */
final class Pace {

    private final Map<String, Instant> pausedUntil = new ConcurrentHashMap<>();
    private final AtomicLong pauses = new AtomicLong();

    /** Answers when the row that was refused should come again. */
    Instant pause(Run<Spec> run, String kind, NoCallLeft refusal, Instant now) {
        var until = now.plus(refusal.waitFor());
        pausedUntil.put(kind + "/" + run.lab().value(), until);
        pauses.incrementAndGet();
        return until;
    }

    /** Changes with every pause. */
    long pauses() {
        return pauses.get();
    }

    /** As {@code kind/lab}. */
    List<String> paused(Instant now) {
        pausedUntil.values().removeIf(until -> !until.isAfter(now));
        return List.copyOf(pausedUntil.keySet());
    }
}
