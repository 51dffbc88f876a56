package dev.bursar.job;

import dev.bursar.algorithm.XGBoost;
import dev.bursar.web.Problem;
import java.util.Objects;
import java.util.Optional;

/**
 * Which container image an algorithm is in a region. The scikit-learn images are published by the same accounts as
 * XGBoost's (sagemaker-python-sdk, image_uri_config/sklearn.json).
 */
final class Images {

    static final String DEFAULT_XGBOOST = "1.7-1";
    private static final String DEFAULT_SKLEARN = "1.2-1";

    private Images() {}

    static String of(TrainingSpec.Algorithm algorithm, String region) {
        if (algorithm.image() != null) {
            if (!algorithm.image().matches("[\\x21-\\x7e]+")) {
                throw Problem.invalid("algorithm.image", "is the address of an image, without spaces");
            }
            return algorithm.image();
        }
        if (algorithm.isBuiltIn()) {
            return xgboost(
                    Objects.requireNonNullElse(algorithm.version(), DEFAULT_XGBOOST), region, "algorithm.version");
        }
        return switch (Objects.requireNonNullElse(algorithm.framework(), "")) {
            case "xgboost" ->
                xgboost(Objects.requireNonNullElse(algorithm.version(), DEFAULT_XGBOOST), region, "algorithm.version");
            case "scikit-learn" -> sklearn(Objects.requireNonNullElse(algorithm.version(), DEFAULT_SKLEARN), region);
            default ->
                throw Problem.invalid(
                        "algorithm.framework",
                        "is xgboost or scikit-learn; for another framework give its image by address");
        };
    }

    private static String xgboost(String version, String region, String field) {
        return known(
                XGBoost.imageUri(region, version),
                field,
                "XGBoost has the versions " + XGBoost.versions() + " in " + region);
    }

    private static String sklearn(String version, String region) {
        if (!version.matches("[0-9]\\.[0-9]{1,2}-[0-9]")) {
            throw Problem.invalid("algorithm.version", "of scikit-learn has the form 1.2-1");
        }
        var xgboost = xgboost(DEFAULT_XGBOOST, region, "algorithm.framework");
        return xgboost.substring(0, xgboost.lastIndexOf('/') + 1) + "sagemaker-scikit-learn:" + version + "-cpu-py3";
    }

    private static String known(Optional<String> image, String field, String otherwise) {
        return image.orElseThrow(() -> Problem.invalid(field, otherwise));
    }
}
