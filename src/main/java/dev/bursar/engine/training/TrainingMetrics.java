// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import dev.bursar.engine.machine.LogStream;
import dev.bursar.engine.xgboost.XGBoostMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sagemaker.model.MetricData;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;

/** Finds the last value of each metric in the logs, where a tab is written {@code #011}. */
final class TrainingMetrics {

    private static final Logger log = LoggerFactory.getLogger(TrainingMetrics.class);
    private static final int BYTES = 16 * 1024 * 1024;
    private static final int LINE = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A line that stops matching when time is up: the expressions come from users and may be explosive. */
    private record Bounded(CharSequence text, Instant until) implements CharSequence {

        @Override
        public char charAt(int index) {
            if ((index & 63) == 0 && Instant.now().isAfter(until)) {
                throw new OutOfTime();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Bounded(text.subSequence(start, end), until);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class OutOfTime extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private TrainingMetrics() {}

    /** Looks through the last 16 MB of a log, latest line first, until each metric is found or ten seconds are over. */
    static List<MetricData> last(List<MetricDefinition> definitions, LogStream stream) {
        var open = new LinkedHashMap<String, Pattern>();
        definitions.forEach(definition -> compile(definition, open));
        var found = new LinkedHashMap<String, MetricData>();
        var until = Instant.now().plus(PATIENCE);
        var lines = stream.before(Long.MAX_VALUE, Integer.MAX_VALUE, BYTES);
        try {
            for (int index = lines.size() - 1; index >= 0 && !open.isEmpty(); index--) {
                search(lines.get(index), open, found, until);
            }
        } catch (OutOfTime e) {
            log.warn("metric expressions took longer than {}; the metrics found so far are kept", PATIENCE);
        }
        return definitions.stream()
                .map(definition -> found.get(definition.name()))
                .filter(Objects::nonNull)
                .toList();
    }

    private static void search(
            LogStream.Line line, Map<String, Pattern> open, Map<String, MetricData> found, Instant until) {
        var text = line.text().length() > LINE ? line.text().substring(0, LINE) : line.text();
        var bounded = new Bounded(LogStream.shown(text), until);
        open.entrySet().removeIf(metric -> {
            if (!text.contains(
                    XGBoostMetrics.essence(metric.getKey(), metric.getValue().pattern()))) {
                return false;
            }
            var match = metric.getValue().matcher(bounded);
            if (!match.find() || match.groupCount() < 1 || match.group(1) == null) {
                return false;
            }
            return keep(metric.getKey(), match.group(1), line.time(), found);
        });
    }

    private static boolean keep(String name, String value, Instant time, Map<String, MetricData> found) {
        try {
            found.put(
                    name,
                    MetricData.builder()
                            .metricName(name)
                            .value(Float.parseFloat(value))
                            .timestamp(Instant.ofEpochSecond(time.getEpochSecond()))
                            .build());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static void compile(MetricDefinition definition, Map<String, Pattern> open) {
        try {
            open.put(definition.name(), Pattern.compile(definition.regex()));
        } catch (PatternSyntaxException e) {
            log.warn("metric={} has an expression Java cannot read; it is left out", definition.name(), e);
        }
    }
}
