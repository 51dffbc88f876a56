// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;

class NastyCallsTests {

    @TempDir
    private static Path folder;

    private static Lab lab;
    private static Nasty nasty;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(folder.resolve("nastiness.json"), "{\"seed\": 7}");
        lab = Lab.on(folder);
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
    void throttlesTheSameCallsAgainWithTheSameSeed() {
        var nastiness = "{\"seed\": 42, \"calls\": {\"throttlingRate\": 0.5}}";
        nasty.be(nastiness);
        var first = outcomes(20);
        nasty.be(nastiness);
        var second = outcomes(20);
        nasty.be("{\"seed\": 43, \"calls\": {\"throttlingRate\": 0.5}}");
        var other = outcomes(20);

        assertThat(first)
                .contains("OK", "400 ThrottlingException: Rate exceeded")
                .isEqualTo(second);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void answersSoManyCallsOfAnOperationInASecond() {
        nasty.be("{\"calls\": {\"perSecond\": {\"ListTrainingJobs\": 2, \"*\": 0}}}");

        assertThat(outcomes(3)).containsExactly("OK", "OK", "400 ThrottlingException: Rate exceeded");
        assertThat(lab.refusal(() -> nasty.once.listModels(request -> {})))
                .isEqualTo("ThrottlingException: Rate exceeded");
    }

    @Test
    void failsBeforeOrAfterDoingTheWork() {
        nasty.be("{\"calls\": {\"operations\": [\"CreateModel\"], \"errorBeforeRate\": 1}}");
        assertInternalFailure("error-before");
        nasty.be("{\"calls\": {\"operations\": [\"CreateModel\"], \"errorAfterRate\": 1}}");
        assertInternalFailure("error-after");

        assertThat(isThere("error-before")).isFalse();
        assertThat(isThere("error-after")).isTrue();
    }

    @Test
    void closesTheConnectionBeforeOrAfterDoingTheWork() throws IOException {
        nasty.be("{\"calls\": {\"operations\": [\"CreateModel\"], \"resetBeforeRate\": 1}}");
        assertThatThrownBy(() -> create("reset-before")).isInstanceOf(SdkClientException.class);
        nasty.be("{\"calls\": {\"operations\": [\"CreateModel\"], \"resetAfterRate\": 1}}");
        assertThatThrownBy(() -> create("reset-after")).isInstanceOf(SdkClientException.class);

        assertThat(isThere("reset-before")).isFalse();
        assertThat(isThere("reset-after")).isTrue();
        assertThat(Files.readString(folder.resolve("requests.log")))
                .contains("\"operation\":\"SageMaker.CreateModel\",\"resource\":\"reset-after\",\"outcome\":\"Reset\"");
    }

    @Test
    void theSdkGetsOverItByRepeating() {
        nasty.be("{\"seed\": 3, \"calls\": {\"throttlingRate\": 0.2, \"errorBeforeRate\": 0.2}}");

        for (var call = 0; call < 5; call++) {
            assertThat(lab.sagemaker.listTrainingJobs().trainingJobSummaries()).isEmpty();
        }
    }

    @Test
    void showsTheNastinessAndRefusesWhatItDoesNotKnow() {
        nasty.be("{\"seed\": 9, \"calls\": {\"throttlingRate\": 0.25}}");

        assertThat(nasty.call(SdkHttpMethod.GET, ""))
                .startsWith("200 ")
                .contains("\"seed\":9", "\"throttlingRate\":0.25");
        assertThat(nasty.call(SdkHttpMethod.PUT, "{\"calls\": {\"throtling\": 1}}"))
                .startsWith("400 ")
                .contains("ValidationException", "throtling");
        assertThat(nasty.call(SdkHttpMethod.PUT, "x")).startsWith("400 ");
    }

    private static List<String> outcomes(int calls) {
        var outcomes = new ArrayList<String>();
        for (var call = 0; call < calls; call++) {
            try {
                nasty.once.listTrainingJobs();
                outcomes.add("OK");
            } catch (SageMakerException e) {
                outcomes.add(e.statusCode() + " " + e.awsErrorDetails().errorCode() + ": "
                        + e.awsErrorDetails().errorMessage());
            }
        }
        return outcomes;
    }

    private static void assertInternalFailure(String model) {
        assertThatThrownBy(() -> create(model)).isInstanceOfSatisfying(SageMakerException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(500);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InternalFailure");
        });
    }

    private static void create(String model) {
        lab.put("models/m.tar.gz", "m");
        nasty.once.createModel(request -> request.modelName(model)
                .executionRoleArn("arn:aws:iam::123456789012:role/lab")
                .primaryContainer(container -> container.image("any:1").modelDataUrl("s3://lab/models/m.tar.gz")));
    }

    private static boolean isThere(String model) {
        nasty.calmDown();
        return lab.refusal(() -> lab.sagemaker.describeModel(request -> request.modelName(model)))
                .equals("not refused");
    }
}
