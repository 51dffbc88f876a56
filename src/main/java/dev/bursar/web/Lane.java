package dev.bursar.web;

import dev.bursar.core.Caller;
import java.util.HashMap;
import java.util.Map;

/**
 * Where only so many may be at once, and each member only so often: whoever sends or reads slowly holds a thread of the service
 * for as long, and all of them together must leave enough for everybody else.
 */
final class Lane {

    private final String what;
    private final int most;
    private final int mostOfOne;
    private final Map<String, Integer> inside = new HashMap<>();
    private int all;

    Lane(String what, int most, int mostOfOne) {
        this.what = what;
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    synchronized void enter(Caller caller) {
        if (all >= most || inside.getOrDefault(caller.actor(), 0) >= mostOfOne) {
            throw new Problem(
                    ProblemType.BUSY,
                    "At most " + mostOfOne + " " + what + " of one member are taken at once, and " + most + " in all.");
        }
        all++;
        inside.merge(caller.actor(), 1, Integer::sum);
    }

    synchronized void leave(Caller caller) {
        all--;
        inside.computeIfPresent(caller.actor(), (name, count) -> count == 1 ? null : count - 1);
    }
}
