package dev.bursar.core;

/**
 * Makes text that AWS or somebody's program wrote such that PostgreSQL keeps it, JSON carries it and a terminal shows it:
 * what is no character, NUL and half surrogates above all, becomes U+FFFD, and what is too long is cut. Where people ask
 * for something, their text is refused instead, so that nothing is kept that they did not write.
 */
public final class StorableText {

    private static final int REPLACEMENT = 0xfffd;
    private static final String CUT = "…";

    private StorableText() {}

    /** At most so many UTF-16 characters of it. */
    public static String of(String text, int most) {
        var end = text.length() <= most ? text.length() : most - CUT.length();
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        var storable = new StringBuilder(end + CUT.length());
        text.substring(0, end).codePoints().map(StorableText::storable).forEach(storable::appendCodePoint);
        return end < text.length() ? storable.append(CUT).toString() : storable.toString();
    }

    private static int storable(int point) {
        var half = Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE;
        var control = Character.isISOControl(point) && point != '\n' && point != '\r' && point != '\t';
        return half || control ? REPLACEMENT : point;
    }
}
