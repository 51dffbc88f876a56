package dev.bursar.workload;

import java.util.Random;

/** What is left to chance in one step of a search; the same again for the same number. */
final class Draw {

    private final Random random;

    Draw(long number) {
        random = new Random(number);
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
