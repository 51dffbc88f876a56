package dev.bursar.algorithm;

/** A metric the algorithm can report for each of its data channels. */
public record Metric(String name, Direction direction) {

    /** Which way is better. */
    public enum Direction {
        /** More is better. */
        MAXIMIZE,
        /** Less is better. */
        MINIMIZE
    }
}
