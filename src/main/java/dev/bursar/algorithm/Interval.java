package dev.bursar.algorithm;

import java.util.regex.Pattern;

/** A range of numbers, written as in mathematics: {@code (0, 1]}, {@code [1, +inf)}. */
record Interval(double low, boolean withLow, double high, boolean withHigh) {

    private static final Pattern NOTATION = Pattern.compile("([\\[(])\\s*(\\S+)\\s*,\\s*(\\S+)\\s*([\\])])");

    static boolean isOne(String text) {
        return NOTATION.matcher(text).matches();
    }

    static Interval parse(String text) {
        var parts = NOTATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not an interval: " + text);
        }
        return new Interval(
                number(parts.group(2)),
                parts.group(1).equals("["),
                number(parts.group(3)),
                parts.group(4).equals("]"));
    }

    boolean contains(double value) {
        return (value > low || (withLow && value == low)) && (value < high || (withHigh && value == high));
    }

    private static double number(String text) {
        return switch (text) {
            case "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
