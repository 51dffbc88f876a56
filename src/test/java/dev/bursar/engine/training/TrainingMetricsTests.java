// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.engine.machine.LogStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sagemaker.model.MetricData;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;

class TrainingMetricsTests {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final List<LogStream.Line> HOSTILE = lines(
            "a".repeat(4000),
            "a".repeat(1 << 20),
            "=".repeat(4000),
            "(".repeat(4000),
            " ".repeat(1 << 20) + "!",
            "ab".repeat(2000) + "\t",
            "1".repeat(4000) + "e",
            "x=0.5;".repeat(600));

    /** Catastrophic for whoever goes back, deep for whoever recurses, large for whoever multiplies. */
    static Stream<String> corpus() {
        return Stream.of(
                "(.|\\n)*X([0-9]+)",
                "(?:.*a){12}X([0-9])",
                "(a+)+X",
                "(a*)*X",
                "(a|a)*X",
                "(a|aa)+X",
                "(a|a?)+X",
                "(.*)*X",
                "(.*a){20}X",
                "([a-z]+)*X([0-9]+)",
                "(([a-z])+.)+[A-Z]([a-z])+X",
                "^(a?){400}a{400}X",
                "(a?a?a?a?a?a?a?a?a?a?)aaaaaaaaaaX",
                "((a{1,30}){1,30})X",
                "(x{1,1000})X",
                "((((((((((a*)*)*)*)*)*)*)*)*)*)X",
                "(=+)+;X",
                "(\\(+)+\\)X",
                "(\\s+)+X([0-9])",
                "(\\s*)*!X",
                "(\\w*\\d*)*X",
                "(\\d+)+e-X",
                "([^X]*)*X([0-9])",
                "(?i)(A+)+X",
                "(?s)(.+)+X",
                "(ab|a|b)*X",
                "(ab)*(a|b)*(ab)*X(.)",
                "(?:(?:(?:a|ab)|b)*)*(X)",
                "(x=[0-9.]+;)*X",
                "(.*?)(.*?)(.*?)(.*?)(.*?)X",
                ".*.*.*.*.*.*.*.*(X)",
                "(\\p{L}+)+X",
                "(" + "(".repeat(240) + "a" + ")".repeat(240) + ")X",
                "(" + "a|".repeat(240) + "b)X",
                "(" + "a{1000}".repeat(60) + ")X",
                "(" + "a*".repeat(240) + ")X",
                "(" + "(?:".repeat(120) + "a" + "*)".repeat(120) + ")X");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void noExpressionTakesMoreThanItsTime(String regex) {
        var begun = System.nanoTime();

        var found = TrainingMetrics.last(List.of(metric("m", regex)), HOSTILE, PATIENCE);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE.plusSeconds(5));
        assertThat(found.values()).isEmpty();
    }

    @Test
    void theCorpusIsLarge() {
        assertThat(corpus()).hasSizeGreaterThanOrEqualTo(30).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void aHostileExpressionHidesNoOtherMetric(String regex) {
        var lines = Stream.concat(HOSTILE.stream(), lines("loss=0.25").stream()).toList();

        var found = TrainingMetrics.last(
                List.of(metric("hostile", regex), metric("loss", "loss=([0-9.]+)")), lines, PATIENCE);

        assertThat(found.values()).extracting(MetricData::metricName).containsExactly("loss");
    }

    @Test
    void takesTheLastValueAndSkipsWhatIsNoNumber() {
        var found = TrainingMetrics.last(
                List.of(metric("loss", "loss=(\\S+)")), lines("loss=3", "loss=2.5", "loss=?"), PATIENCE);

        assertThat(found.values()).extracting(MetricData::value).containsExactly(2.5f);
        assertThat(found.remarks()).isEmpty();
    }

    @Test
    void findsGroupsByPythonsName() {
        var found = TrainingMetrics.last(
                List.of(metric("loss", "(?P<value>[0-9.]+) is the loss")), lines("0.5 is the loss"), PATIENCE);

        assertThat(found.values()).extracting(MetricData::value).containsExactly(0.5f);
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void saysWhichMetricCannotBeLookedForAndWhy(String regex, String why) {
        var found = TrainingMetrics.last(List.of(metric("m", regex)), lines("X1"), PATIENCE);

        assertThat(found.values()).isEmpty();
        assertThat(found.remarks())
                .singleElement()
                .asString()
                .startsWith("The metric m is not looked for: ")
                .contains(why)
                .doesNotContain("Exception", "re2j");
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> unreadable() {
        return Stream.of(
                org.junit.jupiter.params.provider.Arguments.of("(?=X)X([0-9])", "look-around"),
                org.junit.jupiter.params.provider.Arguments.of("(?<!Y)X([0-9])", "look-around"),
                org.junit.jupiter.params.provider.Arguments.of("(X)\\1([0-9])", "back-references"),
                org.junit.jupiter.params.provider.Arguments.of("X([0-9]", "cannot be read"),
                org.junit.jupiter.params.provider.Arguments.of("X(a{1001})", "cannot be read"),
                org.junit.jupiter.params.provider.Arguments.of("X[0-9]", "no group"));
    }

    @Test
    void saysWhichMetricsTimeWasNotEnoughFor() {
        var found = TrainingMetrics.last(List.of(metric("slow", "(.+)+X")), HOSTILE, Duration.ZERO);

        assertThat(found.remarks())
                .singleElement()
                .asString()
                .contains("The metric slow was not found within 0 seconds");
    }

    private static MetricDefinition metric(String name, String regex) {
        return MetricDefinition.builder().name(name).regex(regex).build();
    }

    private static List<LogStream.Line> lines(String... texts) {
        return Stream.of(texts).map(text -> new LogStream.Line(0, 0, text, NOW)).toList();
    }
}
