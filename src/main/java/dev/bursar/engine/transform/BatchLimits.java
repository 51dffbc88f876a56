// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.transform;

import dev.bursar.engine.model.ModelAnswer;
import dev.bursar.engine.wire.SdkCodec;
import java.util.Optional;
import java.util.OptionalInt;
import software.amazon.awssdk.services.sagemaker.model.BatchStrategy;
import software.amazon.awssdk.services.sagemaker.model.DescribeTransformJobResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * How a transform job sends its objects: as the request says, else as the serving process says of itself, else one
 * request at a time of up to 6 MB with as many records as fit.
 *
 * @param concurrent how many requests are under way at a time
 * @param isSingle whether each record is a request of its own
 * @param payload how many MB a request may have; 0 sets no limit
 */
record BatchLimits(int concurrent, boolean isSingle, int payload) {

    /** All of it is one machine, whatever was asked for. */
    static final int MOST_CONCURRENT = 8;

    private static final int DEFAULT_PAYLOAD = 6;

    /** What the request says, before there is a process to ask. */
    static BatchLimits of(DescribeTransformJobResponse job) {
        return of(job, SdkCodec.JSON.missingNode());
    }

    static BatchLimits of(DescribeTransformJobResponse job, ModelAnswer parameters) {
        return of(job, parameters.isSuccess() ? parsed(parameters.text()) : SdkCodec.JSON.missingNode());
    }

    private static BatchLimits of(DescribeTransformJobResponse job, JsonNode parameters) {
        var concurrent = Optional.ofNullable(job.maxConcurrentTransforms())
                .filter(count -> count > 0)
                .orElseGet(() -> number(parameters, "MaxConcurrentTransforms").orElse(1));
        var strategy = Optional.ofNullable(job.batchStrategyAsString())
                .orElseGet(() -> parameters.path("BatchStrategy").asString("MULTI_RECORD"));
        var payload = Optional.ofNullable(job.maxPayloadInMB())
                .orElseGet(() -> number(parameters, "MaxPayloadInMB").orElse(DEFAULT_PAYLOAD));
        return new BatchLimits(
                Math.max(1, Math.min(concurrent, MOST_CONCURRENT)),
                strategy.equals("SINGLE_RECORD") || strategy.equals(BatchStrategy.SINGLE_RECORD.toString()),
                payload);
    }

    private static OptionalInt number(JsonNode parameters, String name) {
        var number = parameters.path(name);
        return number.isInt() && number.asInt() >= 0 ? OptionalInt.of(number.asInt()) : OptionalInt.empty();
    }

    private static JsonNode parsed(String text) {
        try {
            return SdkCodec.JSON.readTree(text);
        } catch (JacksonException e) {
            return SdkCodec.JSON.missingNode();
        }
    }
}
