// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

/** What the SDK's waiter makes of training jobs; those of the other kinds are used where these kinds are tested. */
class WaiterTests {

    private static Lab lab;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.with(folder, settings -> settings.withClock(new FastClock(20)));
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void endsWhenATrainingJobIsCompletedOrStopped() {
        lab.script("completes", "x.sh", "exit 0", request -> {});
        lab.script("is-stopped", "x.sh", "sleep 600", request -> {});
        lab.sagemaker.stopTrainingJob(request -> request.trainingJobName("is-stopped"));

        assertThat(waited("completes").trainingJobStatus()).isEqualTo(TrainingJobStatus.COMPLETED);
        assertThat(waited("is-stopped").trainingJobStatus()).isEqualTo(TrainingJobStatus.STOPPED);
    }

    @Test
    void givesUpWhenATrainingJobFailsOrIsNotThere() {
        lab.script("fails", "x.sh", "exit 3", request -> {});

        assertThatThrownBy(() -> waited("fails")).isInstanceOf(SdkClientException.class);
        assertThatThrownBy(() -> waited("nobody")).isInstanceOf(SdkClientException.class);
        assertThat(lab.describe("fails").failureReason()).endsWith("exit code: 3");
    }

    private static DescribeTrainingJobResponse waited(String name) {
        return lab.sagemaker
                .waiter()
                .waitUntilTrainingJobCompletedOrStopped(
                        request -> request.trainingJobName(name),
                        config -> config.backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(100))))
                .matched()
                .response()
                .orElseThrow();
    }
}
