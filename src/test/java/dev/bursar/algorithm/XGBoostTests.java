package dev.bursar.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class XGBoostTests {

    @Test
    void everyVersionHasAnImageWhichIsRecognised() {
        for (var version : XGBoost.versions()) {
            var image = XGBoost.imageUri("eu-west-1", version).orElseThrow();

            assertThat(XGBoost.isImage(image)).as(image).isTrue();
        }
    }

    @Test
    void anImageOfAnotherAccountIsNotTheBuiltInOne() {
        assertThat(XGBoost.isImage("683313688378.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"))
                .isFalse();
        assertThat(XGBoost.isImage("141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:9.9-9"))
                .isFalse();
        assertThat(XGBoost.imageUri("mars-north-1", "1.7-1")).isEmpty();
    }

    @Test
    void acceptsWhatTheContainerAccepts() {
        assertThat(XGBoost.problems(Map.of(
                        "num_round", "100",
                        "learning_rate", "0.1",
                        "objective", "multi:softmax",
                        "num_class", "3",
                        "eval_metric", "mlogloss,merror",
                        "monotone_constraints", "(1,0,-1)",
                        "interaction_constraints", "[[0,1],[2,3]]")))
                .isEmpty();
    }

    @Test
    void saysTheRangeOfWhatIsOutside() {
        assertThat(messages(Map.of("num_round", "100", "eta", "1.5")))
                .containsExactly("Hyperparameter eta: 1.5 is not in [0, 1]");
        assertThat(messages(Map.of("num_round", "ten")))
                .containsExactly(
                        "Hyperparameter num_round: could not parse value 'ten', expected an integer in [1, +inf)");
        assertThat(messages(Map.of("num_round", "1", "booster", "tree")))
                .containsExactly("Hyperparameter booster: tree is not in {gbtree, gblinear, dart}");
    }

    @Test
    void refusesUnknownAndMissingHyperparameters() {
        assertThat(messages(Map.of("rounds", "100")))
                .containsExactly(
                        "Extraneous hyperparameter found: rounds",
                        "Missing required hyperparameter: num_round, in [1, +inf)");
    }

    @Test
    void refusesHyperparametersThatDisagree() {
        assertThat(messages(Map.of("num_round", "1", "objective", "multi:softmax")))
                .singleElement()
                .asString()
                .contains("num_class");
        assertThat(messages(Map.of("num_round", "1", "eval_metric", "auc")))
                .singleElement()
                .asString()
                .contains("auc");
    }

    @Test
    void everyDefaultIsItselfAllowed() {
        for (var hyperparameter : XGBoost.hyperparameters()) {
            var fallback = hyperparameter.fallback();
            assertThat(
                            fallback == null
                                    ? List.of()
                                    : hyperparameter.problem(fallback).stream().toList())
                    .as(hyperparameter.name())
                    .isEmpty();
        }
    }

    private static List<String> messages(Map<String, String> hyperparameters) {
        return XGBoost.problems(hyperparameters).stream()
                .map(HyperparameterProblem::message)
                .toList();
    }
}
