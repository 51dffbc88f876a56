// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bursar.algorithm.XGBoost;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sagemaker.model.MetricData;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

class BuiltInXGBoostTests {

    private static Lab lab;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.on(folder);
        lab.put("data/train.csv", Lab.csv(455, 30, 1));
        lab.put("data/validation/a.csv", Lab.csv(60, 30, 2));
        lab.put("data/validation/b.csv", Lab.csv(54, 30, 3));
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void trainsAndLeavesAModelItsMetricsAndItsHistory() {
        var job = lab.xgboost(
                "happy",
                Map.of("num_round", "100", "objective", "binary:logistic", "eval_metric", "logloss,auc", "seed", "7"));

        assertThat(job.failureReason()).isNull();
        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.COMPLETED);
        assertThat(job.secondaryStatusTransitions())
                .extracting(transition -> transition.status())
                .containsExactly(
                        SecondaryStatus.STARTING,
                        SecondaryStatus.DOWNLOADING,
                        SecondaryStatus.TRAINING,
                        SecondaryStatus.UPLOADING,
                        SecondaryStatus.COMPLETED);
        assertThat(job.billableTimeInSeconds())
                .isEqualTo(job.trainingTimeInSeconds())
                .isPositive();
        assertThat(job.finalMetricDataList())
                .extracting(MetricData::metricName)
                .containsExactly("train:auc", "train:logloss");
        assertThat(job.finalMetricDataList().get(0).value()).isCloseTo(1.0f, within(0.01f));
        assertThat(job.modelArtifacts().s3ModelArtifacts()).isEqualTo("s3://lab/out/happy/output/model.tar.gz");
        assertThat(lab.unpacked("out/happy/output/model.tar.gz")).containsOnlyKeys("xgboost-model");
        assertThat(lab.log("happy")).contains("[99]#011train-logloss:");
    }

    @Test
    void evaluatesAValidationChannelOfSeveralFilesAndStopsEarly() {
        lab.create(
                "early",
                request -> request.hyperParameters(Map.of(
                                "num_round", "500",
                                "objective", "binary:logistic",
                                "eval_metric", "auc",
                                "early_stopping_rounds", "5"))
                        .algorithmSpecification(algorithm -> algorithm
                                .trainingImage(
                                        XGBoost.imageUri(Lab.REGION, "1.7-1").orElseThrow())
                                .trainingInputMode("File"))
                        .inputDataConfig(
                                Lab.channel("train", "data/train.csv"), Lab.channel("validation", "data/validation/")));
        var job = lab.ended("early");

        assertThat(job.failureReason()).isNull();
        assertThat(job.finalMetricDataList())
                .extracting(MetricData::metricName)
                .containsExactly("train:auc", "validation:auc");
        assertThat(lab.log("early")).contains("Stopping. Best iteration: [").doesNotContain("[499]");
    }

    @Test
    void theSameSeedGivesTheSameModel() {
        var hyperparameters = Map.of("num_round", "5", "seed", "3", "subsample", "0.5");
        lab.xgboost("same-1", hyperparameters);
        lab.xgboost("same-2", hyperparameters);

        assertThat(lab.unpacked("out/same-1/output/model.tar.gz"))
                .isEqualTo(lab.unpacked("out/same-2/output/model.tar.gz"));
    }

    @Test
    void failsOnAHyperparameterThatItDoesNotKnow() {
        var job = lab.xgboost("extraneous", Map.of("num_round", "5", "depth", "3"));

        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.FAILED);
        assertThat(job.failureReason())
                .startsWith("AlgorithmError: ")
                .contains("Extraneous hyperparameter found: depth");
        assertThat(job.billableTimeInSeconds()).isPositive();
    }

    @Test
    void failsOnACsvFileWithAHeader() {
        lab.put("data/header.csv", "label,a,b\n1,2,3\n");
        lab.create(
                "header",
                request -> request.hyperParameters(Map.of("num_round", "1"))
                        .algorithmSpecification(algorithm -> algorithm
                                .trainingImage(
                                        XGBoost.imageUri(Lab.REGION, "1.7-1").orElseThrow())
                                .trainingInputMode("File"))
                        .inputDataConfig(Lab.channel("train", "data/header.csv")));

        assertThat(lab.ended("header").failureReason())
                .contains("First line 'label,a,b' of file 'header.csv' is not 'CSV' format.");
    }

    @Test
    void failsOnALabelThatDoesNotFitTheObjective() {
        lab.put("data/seven.csv", "0,2,3\n7,2,3\n");
        lab.create(
                "label",
                request -> request.hyperParameters(Map.of("num_round", "1", "objective", "binary:logistic"))
                        .algorithmSpecification(algorithm -> algorithm
                                .trainingImage(
                                        XGBoost.imageUri(Lab.REGION, "1.7-1").orElseThrow())
                                .trainingInputMode("File"))
                        .inputDataConfig(Lab.channel("train", "data/seven.csv")));

        assertThat(lab.ended("label").failureReason())
                .startsWith("AlgorithmError: ")
                .contains("The label 7 in line 2 of file 'seven.csv' does not fit objective binary:logistic");
    }

    @Test
    void readsLibsvm() {
        lab.put("data/rows.libsvm", "1 0:1.5 3:2\n0 1:1\n1 0:2\n0 2:1\n");
        lab.create(
                "libsvm",
                request -> request.hyperParameters(Map.of("num_round", "2"))
                        .algorithmSpecification(algorithm -> algorithm
                                .trainingImage(
                                        XGBoost.imageUri(Lab.REGION, "1.7-1").orElseThrow())
                                .trainingInputMode("File"))
                        .inputDataConfig(Lab.channel("train", "data/rows.libsvm").toBuilder()
                                .contentType("text/libsvm")
                                .build()));
        var job = lab.ended("libsvm");

        assertThat(job.failureReason()).isNull();
        assertThat(job.finalMetricDataList()).extracting(MetricData::metricName).containsExactly("train:rmse");
    }
}
