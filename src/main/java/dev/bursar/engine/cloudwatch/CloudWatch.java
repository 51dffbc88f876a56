// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.cloudwatch;

import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** GetMetricData for the invocations of endpoints. */
public final class CloudWatch {

    private static final String NAMESPACE = "AWS/SageMaker";

    /** What each metric measures of one invocation; ModelLatency is in microseconds. */
    private static final Map<String, ToDoubleFunction<InvocationMetrics.Invocation>> METRICS =
            Map.of("Invocations", one -> 1, "ModelLatency", one -> (double) one.micros());

    private static final Map<String, Function<DoubleStream, Double>> STATISTICS = Map.of(
            "Sum", DoubleStream::sum,
            "Average", values -> values.average().orElse(0),
            "Minimum", values -> values.min().orElse(0),
            "Maximum", values -> values.max().orElse(0),
            "SampleCount", values -> (double) values.count());

    private final InvocationMetrics metrics;

    public CloudWatch(InvocationMetrics metrics) {
        this.metrics = metrics;
    }

    public void register(Operations operations) {
        operations.onJson("GraniteServiceVersion20100801.GetMetricData", this::getMetricData);
    }

    /** Answers in JSON; times in seconds. */
    ObjectNode getMetricData(JsonNode request) {
        var queries = request.path("MetricDataQueries");
        if (queries.isEmpty()) {
            throw refused("The parameter MetricDataQueries is required.");
        }
        var from = time(request, "StartTime");
        var until = time(request, "EndTime");
        if (!from.isBefore(until)) {
            throw refused("The parameter StartTime must be less than the parameter EndTime.");
        }
        var answer = SdkCodec.JSON.createObjectNode();
        var results = answer.putArray("MetricDataResults");
        var ascending = request.path("ScanBy").asString("").equals("TimestampAscending");
        for (var query : queries) {
            results.add(result(query, from, until, ascending));
        }
        return answer;
    }

    private ObjectNode result(JsonNode query, Instant from, Instant until, boolean ascending) {
        if (!query.path("MetricStat").isObject()) {
            throw refused("Expression is not offered by this engine; use MetricStat.");
        }
        var stat = query.path("MetricStat");
        var name = stat.path("Metric").path("MetricName").asString("");
        var result = SdkCodec.JSON
                .createObjectNode()
                .put("Id", query.path("Id").asString(""))
                .put("Label", query.path("Label").asString(name))
                .put("StatusCode", "Complete");
        var timestamps = result.putArray("Timestamps");
        var values = result.putArray("Values");
        var points = points(stat, name, from, until);
        (ascending ? points : points.descendingMap()).forEach((second, value) -> {
            timestamps.add(second);
            values.add(value);
        });
        return result;
    }

    private NavigableMap<Long, Double> points(JsonNode stat, String name, Instant from, Instant until) {
        var period = stat.path("Period").asInt(0);
        if (period <= 0 || period % 60 != 0) {
            throw refused("The parameter Period must be a multiple of 60, not %d.".formatted(period));
        }
        var statistic = STATISTICS.get(stat.path("Stat").asString(""));
        if (statistic == null) {
            throw refused("The statistic %s is not offered by this engine; it has %s."
                    .formatted(
                            stat.path("Stat").asString(""),
                            STATISTICS.keySet().stream().sorted().toList()));
        }
        var points = new TreeMap<Long, Double>();
        var metric = METRICS.get(name);
        if (metric == null
                || !stat.path("Metric").path("Namespace").asString("").equals(NAMESPACE)) {
            return points;
        }
        var dimensions = new LinkedHashMap<String, String>();
        stat.path("Metric")
                .path("Dimensions")
                .forEach(one -> dimensions.put(
                        one.path("Name").asString(""), one.path("Value").asString("")));
        var grouped = new TreeMap<Long, List<Double>>();
        metrics.between(
                        dimensions.getOrDefault("EndpointName", ""),
                        dimensions.getOrDefault("VariantName", ""),
                        from,
                        until)
                .forEach(one -> grouped.computeIfAbsent(
                                Math.floorDiv(one.at().getEpochSecond(), period) * period, start -> new ArrayList<>())
                        .add(metric.applyAsDouble(one)));
        grouped.forEach((second, values) ->
                points.put(second, statistic.apply(values.stream().mapToDouble(Double::doubleValue))));
        return points;
    }

    private static Instant time(JsonNode request, String member) {
        var value = request.path(member);
        if (value.isNumber()) {
            return Instant.ofEpochMilli(
                    value.decimalValue().multiply(BigDecimal.valueOf(1000)).longValue());
        }
        try {
            return OffsetDateTime.parse(value.asString("")).toInstant();
        } catch (DateTimeException e) {
            throw refused("The parameter %s must be a time, not '%s'.".formatted(member, value.asString("")));
        }
    }

    static Refusal refused(String message) {
        return new Refusal(new WireError(400, "ValidationError", message));
    }
}
