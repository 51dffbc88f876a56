// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sagemaker.model.DescribeTrainingJobResponse;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatus;
import software.amazon.awssdk.services.sagemaker.model.SecondaryStatusTransition;
import software.amazon.awssdk.services.sagemaker.model.TrainingJobStatus;

class NastyJobsTests {

    private static Lab lab;
    private static Nasty nasty;

    @BeforeAll
    static void start(@TempDir Path folder) {
        lab = Lab.with(folder, settings -> settings.withClock(new FastClock(20)));
        nasty = new Nasty(lab);
    }

    @AfterEach
    void calmDown() {
        nasty.calmDown();
    }

    @AfterAll
    static void stop() {
        nasty.close();
        lab.close();
    }

    @Test
    void refusesWhatIsBeyondTheQuotaOfAnInstanceType() {
        nasty.be("{\"jobs\": {\"quotas\": {\"ml.m5.large for training job usage\": 1,"
                + " \"ml.p3.2xlarge for training job usage\": 0}}}");
        lab.script("quota-one", "x.sh", "sleep 600", request -> {});

        assertThat(lab.refusal(() -> lab.script("quota-two", "x.sh", "exit 0", request -> {})))
                .isEqualTo("ResourceLimitExceeded: The account-level service limit 'ml.m5.large for training job usage'"
                        + " is 1 Instances, with current utilization of 1 Instances and a request delta of 1 Instances."
                        + " Please contact AWS support to request an increase for this limit.");
        assertThat(lab.refusal(() -> lab.script(
                        "quota-none",
                        "x.sh",
                        "exit 0",
                        request -> request.resourceConfig(resources -> resources
                                .instanceType("ml.p3.2xlarge")
                                .instanceCount(1)
                                .volumeSizeInGB(5)))))
                .isEqualTo(
                        "ResourceLimitExceeded: The account-level service limit 'ml.p3.2xlarge for training job usage'"
                                + " is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances."
                                + " Please contact AWS support to request an increase for this limit.");

        lab.sagemaker.stopTrainingJob(request -> request.trainingJobName("quota-one"));
        lab.ended("quota-one");
        lab.script("quota-two", "x.sh", "exit 0", request -> {});
    }

    @Test
    void findsNoCapacityAfterTheStartAndKeepsTheName() {
        nasty.be("{\"jobs\": {\"capacityErrorRate\": 1}}");
        lab.script("no-capacity", "x.sh", "exit 0", request -> {});
        var job = lab.ended("no-capacity");

        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.FAILED);
        assertThat(job.failureReason()).startsWith("CapacityError: Unable to provision requested ML compute capacity.");
        assertThat(job.trainingStartTime()).isNull();
        assertThat(job.billableTimeInSeconds()).isNull();
        assertThat(lab.refusal(() -> lab.script("no-capacity", "x.sh", "exit 0", request -> {})))
                .startsWith("ResourceInUse: ");
    }

    @Test
    void startsSlowlyAndUnbilled() {
        nasty.be("{\"jobs\": {\"slowStartSeconds\": 60}}");
        lab.script("slow", "x.sh", "exit 0", request -> {});
        var job = lab.ended("slow");

        assertThat(Duration.between(job.creationTime(), job.trainingStartTime()))
                .isGreaterThan(Duration.ofSeconds(60));
        assertThat(job.billableTimeInSeconds()).isLessThan(60);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60, 300})
    void endsAsLateAfterMaxRuntimeAsIsSet(int seconds) {
        nasty.be("{\"jobs\": {\"lateStopSeconds\": %d}}".formatted(seconds));
        lab.script(
                "late-stop-" + seconds,
                "x.sh",
                "exec sleep 600",
                request -> request.stoppingCondition(condition -> condition.maxRuntimeInSeconds(10)));
        var job = lab.ended("late-stop-" + seconds);

        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.STOPPED);
        assertThat(job.secondaryStatus()).isEqualTo(SecondaryStatus.MAX_RUNTIME_EXCEEDED);
        assertThat(job.billableTimeInSeconds()).isBetween(10 + seconds, 10 + seconds + 59);
    }

    @Test
    void stallsAsItUploads() {
        nasty.be("{\"jobs\": {\"uploadStallSeconds\": 60}}");
        lab.script("stall", "x.sh", "echo 1 > $SM_MODEL_DIR/m", request -> {});
        var job = lab.ended("stall");

        assertThat(lasted(job, SecondaryStatus.UPLOADING)).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
        assertThat(job.trainingJobStatus()).isEqualTo(TrainingJobStatus.COMPLETED);
        assertThat(lab.keys("out/stall/")).containsExactly("out/stall/output/model.tar.gz");
    }

    @Test
    void tellsTheBillableTimeLate() {
        nasty.be("{\"jobs\": {\"billedLateSeconds\": 40}}");
        lab.script("billed-late", "x.sh", "exit 0", request -> {});
        var ended = lab.ended("billed-late");
        var billed = lab.until("billed-late", job -> job.billableTimeInSeconds() != null);

        assertThat(ended.trainingEndTime()).isNotNull();
        assertThat(ended.billableTimeInSeconds()).isNull();
        assertThat(billed.billableTimeInSeconds()).isEqualTo(billed.trainingTimeInSeconds());
    }

    private static Duration lasted(DescribeTrainingJobResponse job, SecondaryStatus status) {
        return job.secondaryStatusTransitions().stream()
                .filter(transition -> transition.status() == status)
                .map((SecondaryStatusTransition transition) ->
                        Duration.between(transition.startTime(), transition.endTime()))
                .findFirst()
                .orElseThrow();
    }
}
