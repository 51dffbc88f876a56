// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.scheduler;

import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a schedule calls: an operation of SageMaker by its universal target, with the target's input. */
final class ScheduleTarget {

    private static final Logger log = LoggerFactory.getLogger(ScheduleTarget.class);
    private static final Pattern TARGET = Pattern.compile("arn:aws:scheduler:::aws-sdk:sagemaker:([a-zA-Z]+)");

    private ScheduleTarget() {}

    /** The operation that a schedule's universal target names. */
    static String operation(JsonNode schedule) {
        var arn = schedule.path("Target").path("Arn").asString("");
        var target = TARGET.matcher(arn);
        if (!target.matches()) {
            throw Refusal.validation(
                    "The target %s is not offered by this engine; it has arn:aws:scheduler:::aws-sdk:sagemaker:…"
                            .formatted(arn));
        }
        var name = target.group(1);
        return "SageMaker." + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** The request that a target's input holds. */
    static JsonNode input(String text) {
        try {
            var json = SdkCodec.JSON.readTree(text);
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            log.debug("not JSON: {}", text);
        }
        throw Refusal.validation("The Input of a universal target must be a JSON object.");
    }
}
