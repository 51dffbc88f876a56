package dev.bursar.algorithm;

import static dev.bursar.algorithm.XGBoostTables.ACCOUNTS;
import static dev.bursar.algorithm.XGBoostTables.ALIASES;
import static dev.bursar.algorithm.XGBoostTables.HYPERPARAMETERS;
import static dev.bursar.algorithm.XGBoostTables.LEGACY_ACCOUNTS;
import static dev.bursar.algorithm.XGBoostTables.METRICS;
import static dev.bursar.algorithm.XGBoostTables.VERSIONS;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Amazon's built-in XGBoost: how its image is called and what it accepts. */
public final class XGBoost {

    private static final Pattern IMAGE = Pattern.compile(
            "(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.([a-z0-9.]+)/(sagemaker-xgboost|xgboost):([A-Za-z0-9._-]+)");
    private static final Pattern CUT_METRIC =
            Pattern.compile("(error@[0-9.]+|(ndcg|map)@\\d+-?|tweedie-nloglik@[0-9.]+)");

    private XGBoost() {}

    /** The versions that have an image, oldest first. */
    public static List<String> versions() {
        return VERSIONS;
    }

    /** All hyperparameters the algorithm knows. */
    public static List<Hyperparameter> hyperparameters() {
        return HYPERPARAMETERS;
    }

    /** All metrics the algorithm can evaluate, without the channel's prefix ({@code train:}, {@code validation:}). */
    public static List<Metric> metrics() {
        return METRICS;
    }

    /** The image of a version in a region, when both are known. */
    public static Optional<String> imageUri(String region, String version) {
        return Optional.ofNullable(ACCOUNTS.get(region))
                .filter(account -> VERSIONS.contains(version))
                .map(account -> "%s.dkr.ecr.%s.%s/sagemaker-xgboost:%s"
                        .formatted(account, region, domain(region), tag(version)));
    }

    /** Whether this names an image of the built-in XGBoost: the right account of its region and a known version. */
    public static boolean isImage(String uri) {
        var image = IMAGE.matcher(uri);
        if (!image.matches() || !image.group(3).equals(domain(image.group(2)))) {
            return false;
        }
        if (image.group(4).equals("xgboost")) {
            return image.group(1).equals(LEGACY_ACCOUNTS.get(image.group(2)))
                    && List.of("1", "latest").contains(image.group(5));
        }
        return image.group(1).equals(ACCOUNTS.get(image.group(2)))
                && VERSIONS.contains(image.group(5).replace("-cpu-py3", ""));
    }

    /** The name under which a hyperparameter is listed: {@code eta} for {@code learning_rate}. */
    public static String canonicalName(String name) {
        return ALIASES.getOrDefault(name, name);
    }

    /** Everything the algorithm would refuse, as far as it shows without data; empty when it would start. */
    public static List<HyperparameterProblem> problems(Map<String, String> hyperparameters) {
        var given = new TreeMap<String, String>();
        hyperparameters.forEach((name, value) -> given.put(canonicalName(name), value));
        var problems = new ArrayList<HyperparameterProblem>();
        given.forEach((name, value) ->
                problem(name, value).ifPresent(message -> problems.add(new HyperparameterProblem(name, message))));
        missing(given).forEach(problems::add);
        if (problems.isEmpty()) {
            disagreements(given).forEach(problems::add);
        }
        return List.copyOf(problems);
    }

    private static Optional<String> problem(String name, String value) {
        if (name.equals("eval_metric")) {
            return Stream.of(value.split(",", -1))
                    .filter(metric -> !isMetric(metric.strip()))
                    .findFirst()
                    .map(metric ->
                            "Hyperparameter eval_metric: %s is not in %s".formatted(metric.strip(), metricNames()));
        }
        return HYPERPARAMETERS.stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .map(known -> known.problem(value))
                .orElseGet(() -> Optional.of("Extraneous hyperparameter found: " + name));
    }

    private static Stream<HyperparameterProblem> missing(Map<String, String> given) {
        return HYPERPARAMETERS.stream()
                .filter(known -> known.required() && !given.containsKey(known.name()))
                .map(known -> new HyperparameterProblem(
                        known.name(),
                        "Missing required hyperparameter: %s, in %s".formatted(known.name(), known.range())));
    }

    private static Stream<HyperparameterProblem> disagreements(Map<String, String> given) {
        var objective = given.getOrDefault("objective", "reg:squarederror");
        var metrics = List.of(given.getOrDefault("eval_metric", "").split("\\s*,\\s*", -1));
        var tree = given.getOrDefault("tree_method", "auto");
        var found = new ArrayList<HyperparameterProblem>();
        if (objective.startsWith("multi:") && !given.containsKey("num_class")) {
            found.add(new HyperparameterProblem(
                    "num_class", "Require input for parameter 'num_class' for multi-classification, in [2, +inf)"));
        }
        if (!objective.startsWith("multi:") && given.containsKey("num_class")) {
            found.add(new HyperparameterProblem(
                    "num_class",
                    "Do not need to setup parameter 'num_class' for learning task other than multi-classification."));
        }
        if (metrics.contains("auc") && !objective.startsWith("binary:") && !objective.startsWith("rank:")) {
            found.add(new HyperparameterProblem(
                    "eval_metric", "Metric 'auc' can only be applied for classification and ranking problems."));
        }
        if (metrics.contains("aft-nloglik") && !objective.equals("survival:aft")) {
            found.add(new HyperparameterProblem(
                    "eval_metric", "Metric 'aft-nloglik' can only be applied for 'survival:aft' objective."));
        }
        constraint(given, "monotone_constraints", tree, List.of("auto", "exact", "hist"))
                .ifPresent(found::add);
        constraint(given, "interaction_constraints", tree, List.of("auto", "exact", "hist", "approx"))
                .ifPresent(found::add);
        return found.stream();
    }

    private static Optional<HyperparameterProblem> constraint(
            Map<String, String> given, String name, String tree, List<String> trees) {
        return given.containsKey(name) && !trees.contains(tree)
                ? Optional.of(new HyperparameterProblem(
                        name, "%s can be used only when tree_method is one of %s, not %s".formatted(name, trees, tree)))
                : Optional.empty();
    }

    private static boolean isMetric(String name) {
        return METRICS.stream().anyMatch(metric -> metric.name().equals(name))
                || CUT_METRIC.matcher(name).matches();
    }

    private static List<String> metricNames() {
        return METRICS.stream().map(Metric::name).toList();
    }

    private static String tag(String version) {
        return version.startsWith("0.") || version.startsWith("1.0") ? version + "-cpu-py3" : version;
    }

    private static String domain(String region) {
        if (region.startsWith("cn-")) {
            return "amazonaws.com.cn";
        }
        if (region.startsWith("us-iso-")) {
            return "c2s.ic.gov";
        }
        return region.startsWith("us-isob-") ? "sc2s.sgov.gov" : "amazonaws.com";
    }
}
