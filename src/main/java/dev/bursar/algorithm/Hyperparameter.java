package dev.bursar.algorithm;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One hyperparameter of an algorithm.
 *
 * @param range an interval such as {@code (0, 1]}, or the allowed values separated by commas, or a description
 * @param fallback the value taken when none is given, if there is one
 * @param tunableRange where a search usually looks, if the parameter can be tuned
 */
public record Hyperparameter(
        String name,
        Type type,
        String range,
        boolean required,
        @Nullable String fallback,
        @Nullable String tunableRange) {

    /** How the text of a value is read. */
    public enum Type {
        /** A whole number. */
        INT("an integer"),
        /** A decimal number. */
        FLOAT("a number"),
        /** One of the listed values. */
        CATEGORY("a value"),
        /** Several of the listed values, separated by commas. */
        LIST("a list of values"),
        /** A nested structure of numbers, as in {@code (1,0,-1)} or {@code [[0,1],[2,3]]}. */
        STRUCTURE("a value"),
        /** Anything. */
        TEXT("a text");

        private final String noun;

        Type(String noun) {
            this.noun = noun;
        }
    }

    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern TUPLE = Pattern.compile("\\(\\s*(-?[01])(\\s*,\\s*-?[01])*\\s*,?\\s*\\)");
    private static final Pattern NESTED = Pattern.compile("\\[(\\s*\\[[^\\[\\]]*]\\s*,?)+\\s*]");

    /** Whether a search may vary it. */
    public boolean tunable() {
        return tunableRange != null;
    }

    /** What is wrong with a value, in the container's words. */
    public Optional<String> problem(String value) {
        return switch (type) {
            case INT -> INTEGER.matcher(value).matches() ? outside(value) : unreadable(value);
            case FLOAT -> number(value).isPresent() ? outside(value) : unreadable(value);
            case CATEGORY -> values().contains(value) ? Optional.empty() : notIn(value);
            case LIST ->
                Arrays.stream(value.split(",", -1))
                        .map(String::strip)
                        .filter(one -> !values().contains(one))
                        .findFirst()
                        .flatMap(this::notIn);
            case STRUCTURE ->
                TUPLE.matcher(value).matches() || NESTED.matcher(value).matches() ? Optional.empty() : notIn(value);
            case TEXT -> Optional.empty();
        };
    }

    private List<String> values() {
        return Arrays.stream(range.split(",")).map(String::strip).toList();
    }

    private Optional<String> outside(String value) {
        return Interval.parse(range).contains(Double.parseDouble(value)) ? Optional.empty() : notIn(value);
    }

    private Optional<String> notIn(String value) {
        return Optional.of("Hyperparameter %s: %s is not in %s".formatted(name, value, bracketed()));
    }

    private Optional<String> unreadable(String value) {
        return Optional.of("Hyperparameter %s: could not parse value '%s', expected %s in %s"
                .formatted(name, value, type.noun, bracketed()));
    }

    private String bracketed() {
        return Interval.isOne(range) || type == Type.STRUCTURE ? range : "{" + range + "}";
    }

    private static Optional<Double> number(String value) {
        try {
            var number = Double.parseDouble(value);
            return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
