// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.nastiness;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, by the nastiness in force, what becomes of each call. Each operation has a chance of its own, so that its
 * n-th call since the nastiness was set meets the same fate whatever else is called.
 */
public final class Moods {

    private static final Logger log = LoggerFactory.getLogger(Moods.class);

    private final Clock clock;
    private final Map<String, SplittableRandom> chances = new HashMap<>();
    private final Map<String, Deque<Instant>> answered = new HashMap<>();
    private Nastiness nastiness = Nastiness.OFF;

    /** As the file {@code nastiness.json} of the engine's folder says. */
    public Moods(Path folder, Clock clock) {
        this.clock = clock;
        set(Nastiness.in(folder.resolve("nastiness.json")));
    }

    public synchronized Nastiness nastiness() {
        return nastiness;
    }

    /** From now on; chance begins anew. */
    synchronized void set(Nastiness next) {
        nastiness = next;
        chances.clear();
        answered.clear();
        if (!next.equals(Nastiness.OFF)) {
            log.info("nastiness={} is in force; the same seed replays it", next.toJson());
        }
    }

    synchronized Fate fate(String operation) {
        if (nastiness.equals(Nastiness.OFF)) {
            return Fate.ANSWERED;
        }
        if (isTooMany(operation)) {
            return Fate.THROTTLED;
        }
        var calls = nastiness.calls();
        return calls.concern(operation) ? drawn(calls, chance(operation).nextDouble()) : Fate.ANSWERED;
    }

    /** Whether a job finds no instances; the same job never does, however often it is asked. */
    public synchronized boolean lacksCapacity(String job) {
        return random(job).nextDouble() < nastiness.jobs().capacityErrorRate();
    }

    private static Fate drawn(Nastiness.Calls calls, double chance) {
        double[] rates = {
            calls.throttlingRate(),
            calls.errorBeforeRate(),
            calls.errorAfterRate(),
            calls.resetBeforeRate(),
            calls.resetAfterRate()
        };
        Fate[] fates = {
            Fate.THROTTLED, Fate.ERROR_BEFORE, Fate.ERROR_AFTER, Fate.RESET_BEFORE, Fate.RESET_AFTER,
        };
        var bound = 0.0;
        for (int index = 0; index < rates.length; index++) {
            bound += rates[index];
            if (chance < bound) {
                return fates[index];
            }
        }
        return Fate.ANSWERED;
    }

    /** Counts the calls of the last second; those that were throttled do not count. */
    private boolean isTooMany(String operation) {
        var perSecond = nastiness.calls().perSecond();
        var limit = perSecond.getOrDefault(operation, perSecond.getOrDefault("*", Integer.MAX_VALUE));
        if (limit == Integer.MAX_VALUE) {
            return false;
        }
        var now = clock.instant();
        var last = answered.computeIfAbsent(operation, key -> new ArrayDeque<>());
        last.removeIf(at -> !at.isAfter(now.minusSeconds(1)));
        if (last.size() >= limit) {
            return true;
        }
        last.add(now);
        return false;
    }

    private SplittableRandom chance(String operation) {
        return chances.computeIfAbsent(operation, this::random);
    }

    private SplittableRandom random(String key) {
        return new SplittableRandom(31 * nastiness.seed() + key.hashCode());
    }
}
