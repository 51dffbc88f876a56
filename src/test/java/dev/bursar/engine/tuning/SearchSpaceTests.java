// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.sagemaker.model.CategoricalParameterRange;
import software.amazon.awssdk.services.sagemaker.model.ContinuousParameterRange;
import software.amazon.awssdk.services.sagemaker.model.HyperParameterScalingType;
import software.amazon.awssdk.services.sagemaker.model.IntegerParameterRange;
import software.amazon.awssdk.services.sagemaker.model.ParameterRanges;

class SearchSpaceTests {

    @Test
    void givesTheSameTrialTheSameValues() {
        var space = new SearchSpace(continuous("0", "1", HyperParameterScalingType.LINEAR), false, 7);

        assertThat(space.trial(3)).isEqualTo(space.trial(3)).isNotEqualTo(space.trial(4));
        assertThat(new SearchSpace(space.ranges(), false, 8).trial(3)).isNotEqualTo(space.trial(3));
    }

    @ParameterizedTest
    @EnumSource(
            value = HyperParameterScalingType.class,
            names = {"AUTO", "LINEAR", "LOGARITHMIC", "REVERSE_LOGARITHMIC"})
    void staysWithinAContinuousRange(HyperParameterScalingType scaling) {
        var space = new SearchSpace(continuous("0.0001", "0.9", scaling), false, 1);

        assertThat(IntStream.range(0, 500).mapToObj(space::trial))
                .allSatisfy(
                        trial -> assertThat(Double.parseDouble(trial.get("x"))).isBetween(0.0001, 0.9))
                .allSatisfy(trial -> assertThat(trial.get("x")).doesNotContain("E"));
    }

    @Test
    void drawsAsMuchOfEachOrderOfMagnitudeWhenTheScaleIsLogarithmic() {
        var space = new SearchSpace(continuous("0.0001", "1", HyperParameterScalingType.LOGARITHMIC), false, 1);

        var small = IntStream.range(0, 1000)
                .mapToDouble(number -> Double.parseDouble(space.trial(number).get("x")))
                .filter(value -> value < 0.01)
                .count();

        assertThat(small).isBetween(430L, 570L);
    }

    @Test
    void drawsEveryWholeNumberOfARangeBoundsIncluded() {
        var space = new SearchSpace(integer("1", "4", HyperParameterScalingType.LINEAR), false, 1);

        assertThat(IntStream.range(0, 200)
                        .mapToObj(number -> space.trial(number).get("n")))
                .containsOnly("1", "2", "3", "4");
    }

    @Test
    void staysWithinTheWidestRangeOfWholeNumbers() {
        var space = new SearchSpace(
                integer("-9223372036854775808", "9223372036854775807", HyperParameterScalingType.LINEAR), false, 1);

        var drawn = IntStream.range(0, 200)
                .mapToObj(number -> Long.parseLong(space.trial(number).get("n")))
                .toList();

        assertThat(drawn).anyMatch(value -> value < -1L << 61).anyMatch(value -> value > 1L << 61);
    }

    @Test
    void walksAGridWithoutRepetition() {
        var grid = new SearchSpace(grid(3, 4), true, 0);

        assertThat(grid.size()).isEqualTo(12);
        assertThat(IntStream.range(0, 12).mapToObj(grid::trial).distinct()).hasSize(12);
        assertThat(grid.trial(0)).isEqualTo(Map.of("c0", "0", "c1", "0"));
    }

    @Test
    void countsAGridThatNobodyCouldWalk() {
        assertThat(new SearchSpace(grid(IntStream.generate(() -> 30).limit(30).toArray()), true, 0).size())
                .isEqualTo(Long.MAX_VALUE);
    }

    private static ParameterRanges continuous(String min, String max, HyperParameterScalingType scaling) {
        return ParameterRanges.builder()
                .continuousParameterRanges(ContinuousParameterRange.builder()
                        .name("x")
                        .minValue(min)
                        .maxValue(max)
                        .scalingType(scaling)
                        .build())
                .build();
    }

    private static ParameterRanges integer(String min, String max, HyperParameterScalingType scaling) {
        return ParameterRanges.builder()
                .integerParameterRanges(IntegerParameterRange.builder()
                        .name("n")
                        .minValue(min)
                        .maxValue(max)
                        .scalingType(scaling)
                        .build())
                .build();
    }

    private static ParameterRanges grid(int... sizes) {
        return ParameterRanges.builder()
                .categoricalParameterRanges(IntStream.range(0, sizes.length)
                        .mapToObj(index -> CategoricalParameterRange.builder()
                                .name("c" + index)
                                .values(values(sizes[index]))
                                .build())
                        .toList())
                .build();
    }

    private static List<String> values(int size) {
        return IntStream.range(0, size).mapToObj(String::valueOf).toList();
    }
}
