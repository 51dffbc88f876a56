// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import dev.bursar.algorithm.XGBoost;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;

/** What the engine's XGBoost writes of its metrics into its log. */
public final class XGBoostMetrics {

    private static final String OURS = ".*\\[[0-9]+\\].*#011";

    /** The metrics the engine's XGBoost can evaluate. */
    private static final List<String> NATIVE = List.of(
            "aft-nloglik",
            "auc",
            "aucpr",
            "cox-nloglik",
            "error",
            "gamma-deviance",
            "gamma-nloglik",
            "interval-regression-accuracy",
            "logloss",
            "mae",
            "map",
            "mape",
            "merror",
            "mlogloss",
            "mphe",
            "ndcg",
            "poisson-nloglik",
            "rmse",
            "rmsle",
            "tweedie-nloglik");

    private XGBoostMetrics() {}

    /** What SageMaker adds to a job with the built-in image. */
    public static List<MetricDefinition> definitions() {
        return XGBoost.metrics().stream()
                .filter(metric -> NATIVE.contains(metric.name()))
                .flatMap(metric -> Stream.of("train", "validation")
                        .map(channel -> MetricDefinition.builder()
                                .name(channel + ":" + metric.name())
                                .regex(OURS
                                        + "%s-%s:([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?).*"
                                                .formatted(channel, metric.name()))
                                .build()))
                .toList();
    }

    /** What a line must contain for one of our own expressions to match; nothing for the users'. */
    public static String essence(String name, String expression) {
        var shown = name.replace(':', '-') + ":";
        return expression.startsWith(OURS + shown) ? shown : "";
    }
}
