package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
}
