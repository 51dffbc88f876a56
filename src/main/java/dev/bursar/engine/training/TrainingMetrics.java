// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import dev.bursar.engine.machine.LogStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.sagemaker.model.MetricData;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;

/**
 * Finds the last value of each metric in the logs, where a tab is written {@code #011}. What cannot be looked for is told
 * with the values; it never keeps a job from its end.
 */
final class TrainingMetrics {

    private static final int BYTES = 16 * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<MetricDefinition> definitions;
    private final Map<String, MetricExpression> open = new LinkedHashMap<>();
    private final Map<String, MetricData> found = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();

    /** The last values, in the order of the definitions, and what is to be said of the metrics that have none. */
    record Found(List<MetricData> values, List<String> remarks) {
        Found {
            values = List.copyOf(values);
            remarks = List.copyOf(remarks);
        }
    }

    private TrainingMetrics(List<MetricDefinition> definitions) {
        this.definitions = definitions;
    }

    /** Looks through the last 16 MB of a log, latest line first, until each metric is found or ten seconds are over. */
    static Found last(List<MetricDefinition> definitions, LogStream stream) {
        return last(definitions, stream.before(Long.MAX_VALUE, Integer.MAX_VALUE, BYTES), PATIENCE);
    }

    static Found last(List<MetricDefinition> definitions, List<LogStream.Line> lines, Duration patience) {
        return new TrainingMetrics(definitions).search(lines, Instant.now().plus(patience), patience);
    }

    private Found search(List<LogStream.Line> lines, Instant until, Duration patience) {
        definitions.forEach(this::read);
        try {
            for (int index = lines.size() - 1; index >= 0 && !open.isEmpty(); index--) {
                look(lines.get(index), until);
            }
        } catch (MetricExpression.OutOfTime e) {
            open.keySet()
                    .forEach(name -> remarks.add(
                            "The metric %s was not found within %d seconds: its regular expression, or that of another metric, takes too long."
                                    .formatted(name, patience.toSeconds())));
        }
        return new Found(
                definitions.stream()
                        .map(definition -> found.get(definition.name()))
                        .filter(Objects::nonNull)
                        .toList(),
                remarks);
    }

    private void read(MetricDefinition definition) {
        try {
            open.put(definition.name(), MetricExpression.of(definition));
        } catch (MetricExpression.Unusable e) {
            remarks.add("The metric %s is not looked for: %s.".formatted(definition.name(), e.getMessage()));
        }
    }

    private void look(LogStream.Line line, Instant until) {
        var shown = LogStream.shown(line.text());
        open.values().removeIf(metric -> {
            var value = metric.valueIn(shown, until);
            value.ifPresent(number -> found.put(
                    metric.name(),
                    MetricData.builder()
                            .metricName(metric.name())
                            .value(number)
                            .timestamp(Instant.ofEpochSecond(line.time().getEpochSecond()))
                            .build()));
            return value.isPresent();
        });
    }
}
