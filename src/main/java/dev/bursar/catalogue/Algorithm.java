package dev.bursar.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.bursar.algorithm.Hyperparameter;
import dev.bursar.algorithm.Metric;
import dev.bursar.algorithm.XGBoost;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be trained with: a built-in algorithm, or one's own script in a framework.
 *
 * @param versions of the built-in algorithm, oldest first; empty for scripts
 * @param frameworks that a script may ask for; empty for built-in algorithms
 */
record Algorithm(
        @Schema(example = "xgboost") String name,

        @Schema(description = "builtIn or script", example = "builtIn")
        String kind,

        String description,
        @Schema(example = "[\"1.7-1\"]") List<String> versions,
        List<Framework> frameworks,
        List<Channel> channels,
        List<Parameter> hyperparameters,
        List<Measure> metrics) {

    static final List<Algorithm> ALL = List.of(xgboost(), script());

    /** The same without its long lists. */
    Algorithm inBrief() {
        return new Algorithm(name, kind, description, versions, frameworks, channels, List.of(), List.of());
    }

    private static Algorithm xgboost() {
        return new Algorithm(
                "xgboost",
                "builtIn",
                "Gradient-boosted trees for tables: classification, regression and ranking. Amazon's built-in container; "
                        + "no code needed.",
                XGBoost.versions(),
                List.of(),
                List.of(
                        new Channel("train", true, "text/csv: no header, the label first, numbers only"),
                        new Channel("validation", false, "as train; makes the validation: metrics")),
                XGBoost.hyperparameters().stream().map(Parameter::of).toList(),
                XGBoost.metrics().stream().map(Measure::of).toList());
    }

    private static Algorithm script() {
        return new Algorithm(
                "script",
                "script",
                "A Python script of your own, uploaded to a dataset: one file, or a tar.gz archive with an entryPoint. It "
                        + "finds its inputs in SM_CHANNEL_… and writes its model to SM_MODEL_DIR. On the embedded engine "
                        + "it runs with the Python of the machine. For another framework give the address of its image.",
                List.of(),
                List.of(
                        new Framework("scikit-learn", List.of("1.0-1", "1.2-1")),
                        new Framework("xgboost", XGBoost.versions())),
                List.of(new Channel("train", false, "anything; any other names too, up to 20 channels")),
                List.of(),
                List.of());
    }

    /** A framework with the versions that have an image. */
    record Framework(
            @Schema(example = "scikit-learn") String name,
            @Schema(example = "[\"1.2-1\"]") List<String> versions) {}

    /** An input that a job may have. */
    @Schema(name = "AlgorithmChannel")
    record Channel(@Schema(example = "train") String name, boolean required, String content) {}

    /**
     * A hyperparameter.
     *
     * @param range an interval, the allowed values, or a description of them
     */
    @Schema(name = "AlgorithmHyperparameter")
    record Parameter(
            @Schema(example = "eta") String name,
            @Schema(example = "float") String type,

            @Schema(description = "an interval such as [0, 1], or the allowed values")
            String range,

            boolean required,

            @Schema(name = "default", example = "0.3") @JsonProperty("default") @Nullable String fallback,

            @Schema(
                    description = "where a tuning job usually looks; absent when it cannot be tuned",
                    example = "0.1..0.5")
            @Nullable String tunableRange) {

        static Parameter of(Hyperparameter known) {
            return new Parameter(
                    known.name(),
                    known.type().name().toLowerCase(Locale.ROOT),
                    known.range(),
                    known.required(),
                    known.fallback(),
                    known.tunableRange());
        }
    }

    /** A metric that it reports for each of its channels. */
    @Schema(name = "AlgorithmMetric")
    record Measure(
            @Schema(example = "auc") String name,

            @Schema(description = "maximize or minimize", example = "maximize")
            String direction) {

        static Measure of(Metric known) {
            return new Measure(known.name(), known.direction().name().toLowerCase(Locale.ROOT));
        }
    }
}
