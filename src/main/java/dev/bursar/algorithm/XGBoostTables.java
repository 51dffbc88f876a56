package dev.bursar.algorithm;

import dev.bursar.algorithm.Metric.Direction;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The built-in XGBoost as tables: transcribed from the container's validation code and the SDK's image table. */
final class XGBoostTables {

    static final List<String> VERSIONS =
            List.of("0.90-1", "0.90-2", "1.0-1", "1.2-1", "1.2-2", "1.3-1", "1.5-1", "1.7-1", "3.0-5", "3.2-0");

    static final Map<String, String> ACCOUNTS = pairs("""
            us-east-1 683313688378, us-east-2 257758044811, us-west-1 746614075791, us-west-2 246618743249,
            ca-central-1 341280168497, ca-west-1 190319476487, sa-east-1 737474898029, eu-west-1 141502667606,
            eu-west-2 764974769150, eu-west-3 659782779980, eu-central-1 492215442770, eu-central-2 680994064768,
            eu-north-1 662702820516, eu-south-1 978288397137, eu-south-2 104374241257, ap-northeast-1 354813040037,
            ap-northeast-2 366743142698, ap-northeast-3 867004704886, ap-south-1 720646828776, ap-south-2 628508329040,
            ap-southeast-1 121021644041, ap-southeast-2 783357654285, ap-southeast-3 951798379941,
            ap-southeast-4 106583098589, ap-east-1 651117190479, af-south-1 510948584623, il-central-1 898809789911,
            me-central-1 272398656194, me-south-1 801668240914, cn-north-1 450853457545, cn-northwest-1 451049120500,
            us-gov-west-1 414596584902, us-gov-east-1 237065988967, us-iso-east-1 833128469047,
            us-isob-east-1 281123927165, us-isof-east-1 108575199400, us-isof-south-1 124985052026
            """);

    static final Map<String, String> LEGACY_ACCOUNTS =
            pairs("us-east-1 811284229777, us-west-2 433757028032, eu-west-1 685385470294");

    static final List<Metric> METRICS = Stream.concat(
                    metrics(Direction.MAXIMIZE, """
                            accuracy auc aucpr balanced_accuracy f1 f1_binary f1_macro map ndcg precision
                            precision_macro precision_micro r2 recall recall_macro recall_micro"""), metrics(Direction.MINIMIZE, """
                            aft-nloglik cox-nloglik error gamma-deviance gamma-nloglik interval-regression-accuracy
                            logloss mae mape merror mlogloss mphe mse poisson-nloglik rmse rmsle tweedie-nloglik"""))
            .toList();

    /** Other names under which a hyperparameter may be given. */
    static final Map<String, String> ALIASES =
            pairs("learning_rate eta, min_split_loss gamma, reg_lambda lambda, reg_alpha alpha");

    /** Name, type, range, default, where a search usually looks. */
    static final List<Hyperparameter> HYPERPARAMETERS =
            """
            num_round | int | [1, +inf) | required | 1..4000
            eta | float | [0, 1] | 0.3 | 0.1..0.5
            gamma | float | [0, +inf) | 0 | 0..5
            max_depth | int | [0, +inf) | 6 | 0..10
            min_child_weight | float | [0, +inf) | 1 | 0..120
            max_delta_step | float | [0, +inf) | 0 | 0..10
            subsample | float | (0, 1] | 1 | 0.5..1
            colsample_bytree | float | (0, 1] | 1 | 0.5..1
            colsample_bylevel | float | (0, 1] | 1 | 0.1..1
            colsample_bynode | float | (0, 1] | 1 | 0.1..1
            lambda | float | [0, +inf) | 1 | 0..1000
            alpha | float | [0, +inf) | 0 | 0..1000
            booster | category | gbtree, gblinear, dart | gbtree |
            objective | category | binary:logistic, binary:logitraw, binary:hinge, count:poisson, multi:softmax, \
            multi:softprob, rank:pairwise, rank:ndcg, rank:map, reg:linear, reg:squarederror, reg:logistic, reg:gamma, \
            reg:pseudohubererror, reg:squaredlogerror, reg:absoluteerror, reg:tweedie, survival:aft, survival:cox | \
            reg:squarederror |
            num_class | int | [2, +inf) | |
            eval_metric | text | metric names separated by commas | |
            early_stopping_rounds | int | [1, +inf) | |
            csv_weights | category | 0, 1 | 0 |
            base_score | float | [0, +inf) | 0.5 |
            seed | int | (-2147483648, 2147483647) | 0 |
            nthread | int | [1, +inf) | |
            verbosity | int | [0, 3] | 1 |
            tree_method | category | auto, exact, approx, hist, gpu_hist | auto |
            scale_pos_weight | float | (0, +inf) | 1 |
            grow_policy | category | depthwise, lossguide | depthwise |
            max_leaves | int | [0, +inf) | 0 |
            max_bin | int | [0, +inf) | 256 |
            updater | list | grow_colmaker, grow_histmaker, grow_quantile_histmaker, grow_gpu_hist, sync, refresh, \
            prune, shotgun, coord_descent, distcol, grow_local_histmaker, grow_skmaker | |
            dsplit | category | row, col | |
            refresh_leaf | category | 0, 1 | 1 |
            process_type | category | default, update | default |
            predictor | category | auto, cpu_predictor, gpu_predictor | auto |
            sketch_eps | float | (0, 1) | 0.03 |
            sample_type | category | uniform, weighted | uniform |
            normalize_type | category | tree, forest | tree |
            rate_drop | float | [0, 1] | 0 |
            one_drop | category | 0, 1 | 0 |
            skip_drop | float | [0, 1] | 0 |
            lambda_bias | float | [0, 1] | 0 |
            tweedie_variance_power | float | (1, 2) | 1.5 |
            num_parallel_tree | int | [1, +inf) | 1 |
            monotone_constraints | structure | a tuple of -1, 0 and 1 | |
            interaction_constraints | structure | a list of lists of feature numbers | |
            aft_loss_distribution | category | normal, logistic, extreme | normal |
            aft_loss_distribution_scale | float | (0, +inf) | 1 |
            deterministic_histogram | category | true, false | true |
            sampling_method | category | uniform, gradient_based | uniform |
            prob_buffer_row | float | (1, +inf) | |
            save_model_on_termination | category | true, false | false |
            _kfold | int | [2, +inf) | |
            _num_cv_round | int | [1, +inf) | |
            _tuning_objective_metric | text | a metric name | |
            use_dask_gpu_training | category | true, false | false |
            """.lines().map(XGBoostTables::hyperparameter).toList();

    private XGBoostTables() {}

    private static Hyperparameter hyperparameter(String line) {
        var cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        var required = cells.get(3).equals("required");
        return new Hyperparameter(
                cells.get(0),
                Hyperparameter.Type.valueOf(cells.get(1).toUpperCase(Locale.ROOT)),
                cells.get(2),
                required,
                required ? null : orNull(cells.get(3)),
                orNull(cells.get(4)));
    }

    private static @Nullable String orNull(String cell) {
        return cell.isEmpty() ? null : cell;
    }

    private static Stream<Metric> metrics(Direction direction, String names) {
        return Arrays.stream(names.split("\\s+", -1)).map(name -> new Metric(name, direction));
    }

    private static Map<String, String> pairs(String text) {
        var pairs = new LinkedHashMap<String, String>();
        for (var pair : text.strip().split(",\\s*", -1)) {
            var words = pair.split(" ", 2);
            pairs.put(words[0], words[1]);
        }
        return pairs;
    }
}
