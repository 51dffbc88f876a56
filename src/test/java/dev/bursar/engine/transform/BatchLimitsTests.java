// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.engine.model.ModelAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;

class BatchLimitsTests {

    private static final DescribeTransformJobResponse OPEN =
            DescribeTransformJobResponse.builder().build();

    @Test
    void sendsOneAtATimeOfSixMegabytesWhenNobodySaysOtherwise() {
        assertThat(BatchLimits.of(OPEN)).isEqualTo(new BatchLimits(1, false, 6));
    }

    @Test
    void takesWhatTheProcessSaysWhereTheRequestSaysNothing() {
        assertThat(
                        BatchLimits.of(
                                OPEN,
                                says(
                                        "{\"MaxConcurrentTransforms\":4,\"BatchStrategy\":\"SINGLE_RECORD\",\"MaxPayloadInMB\":0}")))
                .isEqualTo(new BatchLimits(4, true, 0));
    }

    @Test
    void takesWhatTheRequestSaysBeforeWhatTheProcessSays() {
        var job = OPEN.toBuilder()
                .maxConcurrentTransforms(2)
                .batchStrategy("MultiRecord")
                .maxPayloadInMB(1)
                .build();

        assertThat(
                        BatchLimits.of(
                                job,
                                says(
                                        "{\"MaxConcurrentTransforms\":4,\"BatchStrategy\":\"SINGLE_RECORD\",\"MaxPayloadInMB\":9}")))
                .isEqualTo(new BatchLimits(2, false, 1));
    }

    @Test
    void asksTheProcessWhenTheRequestSaysZero() {
        var job = OPEN.toBuilder().maxConcurrentTransforms(0).build();

        assertThat(BatchLimits.of(job, says("{\"MaxConcurrentTransforms\":3}")).concurrent())
                .isEqualTo(3);
    }

    @Test
    void sendsNoMoreThanOneMachineCanTake() {
        var job = OPEN.toBuilder().maxConcurrentTransforms(100).build();

        assertThat(BatchLimits.of(job).concurrent()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "null",
                "{\"MaxConcurrentTransforms\":-1,\"MaxPayloadInMB\":-5}",
                "{\"MaxConcurrentTransforms\":\"4\",\"BatchStrategy\":7,\"MaxPayloadInMB\":1e99}",
                "{\"MaxConcurrentTransforms\":99999999999999}"
            })
    void readsOverWhatAProcessCannotMean(String parameters) {
        assertThat(BatchLimits.of(OPEN, says(parameters))).isEqualTo(new BatchLimits(1, false, 6));
    }

    private static ModelAnswer says(String text) {
        return new ModelAnswer(200, "application/json", SdkBytes.fromUtf8String(text));
    }
}
