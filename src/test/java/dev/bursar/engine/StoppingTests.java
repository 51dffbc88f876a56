// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.engine.cloudwatch.LogEvents;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

class StoppingTests {

    private static final String SLEEPS = "echo ready; exec sleep 300";
    private static final String SAVES_WHEN_STOPPED = """
            trap 'echo partial > $SM_MODEL_DIR/model; exit 0' TERM
            echo ready
            while true; do sleep 0.05; done
            """;

    private static Lab lab;
    private static FastClock clock;

    @BeforeAll
    static void start(@TempDir Path folder) {
        clock = new FastClock(20);
        lab = Lab.with(folder, settings -> settings.withBounds(1, 512).withClock(clock));
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void stopsARunningJobAndKeepsWhatItSaved() {
        lab.script("running", "x.sh", SAVES_WHEN_STOPPED, request -> {});
        awaitReady("running");
        lab.sagemaker.stopTrainingJob(request -> request.trainingJobName("running"));
        var job = lab.ended("running");

        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.STOPPED);
        assertThat(job.secondaryStatus()).isEqualTo(SecondaryStatus.STOPPED);
        assertThat(job.secondaryStatusTransitions())
                .extracting(transition -> transition.status())
                .endsWith(SecondaryStatus.STOPPING, SecondaryStatus.UPLOADING, SecondaryStatus.STOPPED);
        assertThat(lab.unpacked("out/running/output/model.tar.gz")).isEqualTo(Map.of("model", "partial\n"));
    }

    @Test
    void aJobStoppedWhileItWaitsNeverStarted() {
        lab.script("first", "x.sh", SLEEPS, request -> {});
        lab.until("first", job -> job.secondaryStatus() == SecondaryStatus.TRAINING);
        lab.script("second", "x.sh", SLEEPS, request -> {});
        lab.until(
                "second",
                job -> job.secondaryStatusTransitions().get(0).statusMessage().startsWith("Waiting"));
        lab.sagemaker.stopTrainingJob(request -> request.trainingJobName("second"));
        var job = lab.ended("second");
        lab.sagemaker.stopTrainingJob(request -> request.trainingJobName("first"));
        lab.ended("first");

        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.STOPPED);
        assertThat(job.trainingStartTime()).isNull();
        assertThat(job.billableTimeInSeconds()).isNull();
    }

    @Test
    void refusesToStopAJobThatHasEnded() {
        lab.script("over", "x.sh", "exit 0", request -> {});
        lab.ended("over");

        assertThatThrownBy(() -> lab.sagemaker.stopTrainingJob(request -> request.trainingJobName("over")))
                .isInstanceOfSatisfying(
                        SageMakerException.class,
                        e -> assertThat(e.awsErrorDetails().errorMessage())
                                .isEqualTo("The request was rejected because the training job is in status"
                                        + " Completed."));
    }

    @Test
    void stopsAtMaxRuntimeAsStopped() {
        lab.script(
                "overdue",
                "x.sh",
                SLEEPS,
                request -> request.stoppingCondition(condition -> condition.maxRuntimeInSeconds(20)));
        var job = lab.ended("overdue");

        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.STOPPED);
        assertThat(job.secondaryStatus()).isEqualTo(SecondaryStatus.MAX_RUNTIME_EXCEEDED);
        assertThat(job.failureReason()).isNull();
        assertThat(job.billableTimeInSeconds()).isBetween(20, 120);
    }

    @Test
    void killsAJobThatDoesNotHeedATermination() {
        lab.script("stubborn", "x.sh", "trap '' TERM; echo ready; while true; do sleep 0.1; done", request -> {});
        awaitReady("stubborn");
        lab.sagemaker.stopTrainingJob(request -> request.trainingJobName("stubborn"));
        var job = lab.ended("stubborn");

        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.STOPPED);
        assertThat(job.billableTimeInSeconds()).isGreaterThanOrEqualTo(119);
    }

    @Test
    void deletesAJobThatHasEndedAndFreesItsName() {
        lab.script("again", "x.sh", "exit 0", request -> {});
        lab.ended("again");
        lab.sagemaker.deleteTrainingJob(request -> request.trainingJobName("again"));

        assertThatThrownBy(() -> lab.describe("again")).isInstanceOf(SageMakerException.class);
        lab.script("again", "x.sh", "exit 0", request -> {});
        lab.ended("again");
    }

    private static void awaitReady(String name) {
        lab.until(name, job -> job.secondaryStatus() == SecondaryStatus.TRAINING && isReady(name));
    }

    private static boolean isReady(String name) {
        var streams = lab.logs.describeLogStreams(
                request -> request.logGroupName(LogEvents.GROUP).logStreamNamePrefix(name + "/"));
        return !streams.logStreams().isEmpty() && lab.log(name).contains("ready");
    }
}
