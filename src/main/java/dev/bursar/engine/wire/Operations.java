// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the engine answers to: target → how to read the request, and who answers it. */
public final class Operations {

    private final Map<String, Function<JsonNode, ObjectNode>> answers = new TreeMap<>();
    private final Constraints constraints = new Constraints();
    private final Manner manner;

    public Operations(Manner manner) {
        this.manner = manner;
    }

    /** Registers an operation of the JSON protocol by its target, such as {@code SageMaker.CreateTrainingJob}. */
    public <B extends SdkPojo> Operations on(
            String target, Supplier<B> request, Function<B, ? extends SdkPojo> answer) {
        return onJson(target, json -> SdkCodec.encode(answer.apply(SdkCodec.decode(json, request.get()))));
    }

    /** Registers a List operation. */
    public <B extends SdkPojo> Operations list(
            String target, Supplier<B> request, Function<JsonNode, ObjectNode> listing) {
        return onJson(target, json -> listing.apply(SdkCodec.checked(json, request.get())));
    }

    /** Registers an operation that answers with JSON of its own making. */
    public Operations onJson(String target, Function<JsonNode, ObjectNode> answer) {
        var name = target.substring(target.indexOf('.') + 1);
        answers.put(target, json -> {
            constraints.check(name, json);
            return manner.answer(name, json, answer);
        });
        return this;
    }

    public ObjectNode answer(String target, JsonNode request) {
        var answer = answers.get(target);
        if (answer == null) {
            throw new Refusal(new WireError(
                    400,
                    "UnknownOperationException",
                    "The engine has no operation %s. It has %s and GetCallerIdentity."
                            .formatted(target.isEmpty() ? "without X-Amz-Target" : target, answers.keySet())));
        }
        return answer.apply(request);
    }
}
