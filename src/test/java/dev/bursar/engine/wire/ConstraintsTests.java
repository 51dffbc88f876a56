// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ConstraintsTests {

    private final Constraints constraints = new Constraints();

    @Test
    void namesEveryMemberAtFault() {
        refuses("CreateModel", "{'ModelName': '-', 'ExecutionRoleArn': 'x'}")
                .hasMessageStartingWith("3 validation errors detected: ")
                .hasMessageContaining(
                        "Value '-' at 'modelName' failed to satisfy constraint: Member must satisfy regular")
                .hasMessageContaining("at 'executionRoleArn'");
    }

    @Test
    void wantsWhatIsRequired() {
        refuses("CreateModel", "{}")
                .hasMessage(
                        "1 validation error detected: Value null at 'modelName' failed to satisfy constraint: Member"
                                + " must not be null");
        refuses("CreateModel", "{'ModelName': null}").hasMessageContaining("Value null at 'modelName'");
    }

    @Test
    void looksIntoListsMapsAndStructures() {
        refuses("CreateModel", "{'ModelName': 'm', 'Containers': [{'Mode': 'Nobody'}]}")
                .hasMessageContaining("at 'containers.1.member.mode'")
                .hasMessageContaining("enum value set");
        refuses("CreateModel", "{'ModelName': 'm', 'PrimaryContainer': {'Environment': {'0': 'x'}}}")
                .hasMessageContaining("Map keys must satisfy constraint");
        refuses("ListModels", "{'MaxResults': 101}")
                .hasMessageContaining("Member must have value less than or equal to 100");
    }

    @Test
    void knowsNothingOfOperationsThatAreNotInTheModel() {
        assertThatCode(() -> constraints.check("Nobody", json("{'a': 1}"))).doesNotThrowAnyException();
    }

    @Test
    void isThroughWithTheLongestTextsInNoTime() {
        var long_ = List.of(
                "a".repeat(1 << 20),
                "-".repeat(1 << 20),
                "a-".repeat(1 << 19),
                " ".repeat(1 << 20),
                "é".repeat(1 << 19));
        var begun = System.nanoTime();

        for (var text : long_) {
            for (var member : List.of("TrainingJobName", "RoleArn")) {
                var request = SdkCodec.JSON.createObjectNode().put(member, text);
                request.putObject("AlgorithmSpecification").put("TrainingImage", text);
                request.putObject("OutputDataConfig").put("S3OutputPath", text).put("KmsKeyId", text);
                request.putObject("Environment").put(text, text);
                request.putObject("HyperParameters").put(text, text);
                assertThatThrownBy(() -> constraints.check("CreateTrainingJob", request))
                        .isInstanceOf(Refusal.class);
            }
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refuses(String operation, String request) {
        return assertThatThrownBy(() -> constraints.check(operation, json(request)))
                .isInstanceOf(Refusal.class);
    }

    private static JsonNode json(String text) {
        return SdkCodec.JSON.readTree(text.replace('\'', '"'));
    }
}
