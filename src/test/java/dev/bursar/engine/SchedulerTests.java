// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bursar.engine.wire.SdkCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.SdkHttpMethod;
import tools.jackson.databind.node.ObjectNode;

class SchedulerTests {

    private static Lab lab;
    private static FastClock clock;

    @BeforeAll
    static void start(@TempDir Path folder) {
        clock = new FastClock(30);
        lab = Lab.with(folder, settings -> settings.withClock(clock));
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void firesOnceAtItsTimeAndIsDeletedAfterwards() {
        lab.script("running", "x.sh", "exec sleep 300", request -> {});
        var at = clock.instant().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC);
        var created = call(
                SdkHttpMethod.POST,
                "stop-it",
                schedule(
                                "at(%s)".formatted(at.toLocalDateTime()),
                                "stopTrainingJob",
                                "{\"TrainingJobName\":\"running\"}")
                        .put("ActionAfterCompletion", "DELETE")
                        .toString());

        assertThat(created.status()).isEqualTo(200);
        assertThat(created.body())
                .isEqualTo("{\"ScheduleArn\":\"arn:aws:scheduler:eu-west-1:123456789012:schedule/default/stop-it\"}");
        assertThat(call(SdkHttpMethod.GET, "stop-it", "").body()).contains("\"State\":\"ENABLED\"");
        assertThat(lab.ended("running").trainingJobStatusAsString()).isEqualTo("Stopped");
        await().until(() -> call(SdkHttpMethod.GET, "stop-it", "").status() == 404);
    }

    @Test
    void firesAgainAndAgainUntilItIsDisabled() {
        lab.archive("code/none.tar.gz", Map.of("x.sh", "exit 0"));
        var input =
                "{\"TrainingJobName\":\"run-<aws.scheduler.execution-id>\",\"RoleArn\":\"arn:aws:iam::123456789012:role/lab\","
                        + "\"AlgorithmSpecification\":{\"TrainingImage\":\"any:1\",\"TrainingInputMode\":\"File\"},"
                        + "\"HyperParameters\":{\"sagemaker_program\":\"x.sh\",\"sagemaker_submit_directory\":\"s3://lab/code/none.tar.gz\"},"
                        + "\"OutputDataConfig\":{\"S3OutputPath\":\"s3://lab/out\"},\"ResourceConfig\":{\"InstanceType\":\"ml.m5.large\","
                        + "\"InstanceCount\":1,\"VolumeSizeInGB\":1},\"StoppingCondition\":{\"MaxRuntimeInSeconds\":600}}";
        var schedule = schedule("rate(1 minute)", "createTrainingJob", input);
        call(SdkHttpMethod.POST, "again", schedule.toString());
        await().atMost(Duration.ofSeconds(20)).until(() -> runs() >= 2);
        var updated = call(
                SdkHttpMethod.PUT, "again", schedule.put("State", "DISABLED").toString());

        assertThat(updated.status()).isEqualTo(200);
        var count = runs();
        var later = clock.instant().plusSeconds(150);
        await().atMost(Duration.ofSeconds(20)).until(() -> clock.instant().isAfter(later));
        assertThat(runs()).isLessThanOrEqualTo(count + 1);
        assertThat(call(SdkHttpMethod.DELETE, "again", "").status()).isEqualTo(200);
    }

    @Test
    void refusesWhatSchedulerRefuses() {
        var schedule = schedule("rate(1 day)", "stopTrainingJob", "{}").put("State", "DISABLED");
        call(SdkHttpMethod.POST, "taken", schedule.toString());
        var taken = call(SdkHttpMethod.POST, "taken", schedule.toString());

        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.header("x-amzn-ErrorType")).isEqualTo("ConflictException");
        assertThat(call(SdkHttpMethod.DELETE, "nobody", "").status()).isEqualTo(404);
        assertThat(call(SdkHttpMethod.PUT, "nobody", schedule.toString()).header("x-amzn-ErrorType"))
                .isEqualTo("ResourceNotFoundException");
        assertThat(call(
                                SdkHttpMethod.POST,
                                "bad",
                                schedule("rate(0 days)", "x", "{}").toString())
                        .body())
                .isEqualTo("{\"Message\":\"Invalid Schedule Expression rate(0 days).\"}");
        assertThat(call(
                                SdkHttpMethod.POST,
                                "bad",
                                schedule("rate(1 day)", "x", "no").toString())
                        .body())
                .contains("must be a JSON object");
        assertThat(call(SdkHttpMethod.POST, "bad", "{}").body()).contains("Value null at 'scheduleExpression'");
        assertThat(call(SdkHttpMethod.GET, "n".repeat(65), "").body())
                .contains("Member must have length less than or equal to 64");
        assertThat(call(SdkHttpMethod.GET, "no%20name", "").body()).contains("Value 'no name' at 'name' failed");
        assertThat(call(SdkHttpMethod.GET, "taken?groupName=other", "").body())
                .isEqualTo("{\"Message\":\"Schedule groups other than default are not offered by this engine.\"}");
        assertThat(call(SdkHttpMethod.GET, "taken?groupName=default", "").status())
                .isEqualTo(200);
    }

    private static long runs() {
        return lab.sagemaker.listTrainingJobs(request -> request.maxResults(100)).trainingJobSummaries().stream()
                .filter(job -> job.trainingJobName().startsWith("run-"))
                .count();
    }

    private static ObjectNode schedule(String expression, String operation, String input) {
        var schedule = SdkCodec.JSON.createObjectNode().put("ScheduleExpression", expression);
        schedule.putObject("FlexibleTimeWindow").put("Mode", "OFF");
        schedule.putObject("Target")
                .put("Arn", "arn:aws:scheduler:::aws-sdk:sagemaker:" + operation)
                .put("RoleArn", "arn:aws:iam::123456789012:role/scheduler")
                .put("Input", input);
        return schedule;
    }

    private static Lab.Answer call(SdkHttpMethod method, String name, String body) {
        return lab.call(method, "/schedules/" + name, "scheduler", body, Map.of());
    }
}
