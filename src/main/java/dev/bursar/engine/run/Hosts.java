// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The hosts of this machine, given to jobs in the order they came. A job that wants more than there are gets them when
 * it is alone.
 */
public final class Hosts {

    private final int total;
    private final List<String> queue = new ArrayList<>();
    private final Map<String, Integer> taken = new HashMap<>();

    public Hosts(int total) {
        this.total = total;
    }

    public synchronized void queue(String job) {
        queue.add(job);
    }

    /** Lets a job in if it is its turn and there is room. */
    public synchronized boolean enter(String job, int count) {
        if (!queue.isEmpty() && queue.get(0).equals(job) && (used() + count <= total || used() == 0)) {
            queue.remove(0);
            taken.put(job, count);
            return true;
        }
        return false;
    }

    /** Counts a job that already has its hosts, because its processes outlived an engine. */
    synchronized void occupy(String job, int count) {
        queue.remove(job);
        taken.put(job, count);
    }

    public synchronized void leave(String job) {
        queue.remove(job);
        taken.remove(job);
    }

    synchronized String situation(String job) {
        return "Waiting for hosts: %d of %d in use, %d jobs before this one"
                .formatted(used(), total, Math.max(0, queue.indexOf(job)));
    }

    private int used() {
        return taken.values().stream().mapToInt(Integer::intValue).sum();
    }
}
