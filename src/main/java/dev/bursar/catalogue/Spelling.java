package dev.bursar.catalogue;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what a misspelt name was meant to be. */
final class Spelling {

    private static final int LONGEST = 40;
    private static final int MOST_MISTAKES = 4;

    private Spelling() {}

    static Optional<String> nearest(String name, Stream<String> known) {
        var written = shortened(name).toLowerCase(Locale.ROOT);
        return known.map(candidate -> new Guess(candidate, mistakes(written, candidate)))
                .filter(guess -> guess.mistakes() <= MOST_MISTAKES)
                .min(Comparator.comparingInt(Guess::mistakes))
                .map(Guess::name);
    }

    /** A name fit to be repeated in a message. */
    static String shortened(String name) {
        var plain = name.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
    }

    /** Levenshtein's distance: letters to add, drop or change. */
    private static int mistakes(String one, String other) {
        var before = new int[other.length() + 1];
        for (int at = 0; at <= other.length(); at++) {
            before[at] = at;
        }
        for (int row = 1; row <= one.length(); row++) {
            var now = new int[other.length() + 1];
            now[0] = row;
            for (int at = 1; at <= other.length(); at++) {
                int changed = before[at - 1] + (one.charAt(row - 1) == other.charAt(at - 1) ? 0 : 1);
                now[at] = Math.min(changed, 1 + Math.min(before[at], now[at - 1]));
            }
            before = now;
        }
        return before[other.length()];
    }

    private record Guess(String name, int mistakes) {}
}
