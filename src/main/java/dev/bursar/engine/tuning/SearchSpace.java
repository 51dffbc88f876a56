// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.tuning;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.CategoricalParameterRange;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterScalingType;
import software.amazon.awssdk.services.sagemaker.model.ParameterRanges;

/**
 * The values hyperparameters may take, and which of them the n-th trial gets. That depends on the seed and on n alone, so
 * an engine that takes up a tuning job goes on with the same trials.
 */
record SearchSpace(ParameterRanges ranges, boolean isGrid, long seed) {

    /** The trial's values, from 0. */
    Map<String, String> trial(int number) {
        return isGrid ? gridPoint(number) : randomPoint(number);
    }

    /** How many different trials a grid has, or the largest number if there are more. */
    long size() {
        return ranges.categoricalParameterRanges().stream()
                .mapToLong(range -> range.values().size())
                .reduce(1, (left, right) -> right > 0 && left > Long.MAX_VALUE / right ? Long.MAX_VALUE : left * right);
    }

    Set<String> names() {
        return new TreeSet<>(list());
    }

    /** With repetitions, should there be any. */
    List<String> list() {
        var names = new ArrayList<String>();
        ranges.integerParameterRanges().forEach(range -> names.add(range.name()));
        ranges.continuousParameterRanges().forEach(range -> names.add(range.name()));
        ranges.categoricalParameterRanges().forEach(range -> names.add(range.name()));
        return names;
    }

    private Map<String, String> gridPoint(int number) {
        var point = new LinkedHashMap<String, String>();
        long rest = number;
        for (CategoricalParameterRange range : ranges.categoricalParameterRanges()) {
            var count = range.values().size();
            point.put(range.name(), range.values().get((int) (rest % count)));
            rest /= count;
        }
        return point;
    }

    private Map<String, String> randomPoint(int number) {
        var random = new SplittableRandom(seed * 1_000_003 + number);
        var point = new LinkedHashMap<String, String>();
        ranges.integerParameterRanges()
                .forEach(range -> point.put(
                        range.name(),
                        integer(
                                Long.parseLong(range.minValue()),
                                Long.parseLong(range.maxValue()),
                                range.scalingType(),
                                random.nextDouble())));
        ranges.continuousParameterRanges()
                .forEach(range -> point.put(
                        range.name(),
                        continuous(
                                Double.parseDouble(range.minValue()),
                                Double.parseDouble(range.maxValue()),
                                range.scalingType(),
                                random.nextDouble())));
        ranges.categoricalParameterRanges()
                .forEach(range -> point.put(
                        range.name(),
                        range.values().get(random.nextInt(range.values().size()))));
        return point;
    }

    /** Each whole number has its share of the scaled interval from min − ½ to max + ½. */
    private static String integer(long min, long max, @Nullable HyperParameterScalingType scaling, double drawn) {
        if (scaling == HyperParameterScalingType.LOGARITHMIC) {
            var value = Math.exp(between(Math.log(min - 0.5), Math.log(max + 0.5), drawn));
            return String.valueOf(Math.min(max, Math.max(min, Math.round(value))));
        }
        // In two steps: the widest range is twice as wide as a long.
        var offset = Math.floor(drawn * ((double) max - min + 1));
        var half = Math.floor(offset / 2);
        return String.valueOf(Math.min(max, min + (long) half + (long) (offset - half)));
    }

    private static String continuous(
            double min, double max, @Nullable HyperParameterScalingType scaling, double drawn) {
        var value =
                switch (scaling == null ? HyperParameterScalingType.LINEAR : scaling) {
                    case LOGARITHMIC -> Math.exp(between(Math.log(min), Math.log(max), drawn));
                    case REVERSE_LOGARITHMIC -> 1 - Math.exp(between(Math.log(1 - min), Math.log(1 - max), drawn));
                    default -> between(min, max, drawn);
                };
        return new BigDecimal(String.valueOf(Math.min(max, Math.max(min, value)))).toPlainString();
    }

    private static double between(double min, double max, double drawn) {
        return min + drawn * (max - min);
    }
}
