// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** AWS JSON 1.1: SageMaker and CloudWatch Logs, told apart by {@code X-Amz-Target}. */
public final class JsonProtocol implements Protocol {

    private static final Logger log = LoggerFactory.getLogger(JsonProtocol.class);
    private static final String TYPE = "application/x-amz-json-1.1";

    /** Whose targets begin how. */
    private static final Map<String, String> SERVICES = Map.of("Logs_", "logs", "GraniteServiceVersion", "monitoring");

    /** The members that name a resource, the most telling first. */
    private static final List<String> NAMES = List.of(
            "TrainingJobName",
            "ProcessingJobName",
            "TransformJobName",
            "HyperParameterTuningJobName",
            "EndpointName",
            "EndpointConfigName",
            "ModelName",
            "ResourceArn",
            "logStreamName",
            "logStreamNamePrefix");

    private final Operations operations;

    public JsonProtocol(Operations operations) {
        this.operations = operations;
    }

    @Override
    public boolean takes(Call call) {
        return true;
    }

    @Override
    public String service(Call call) {
        return SERVICES.entrySet().stream()
                .filter(service -> call.target().startsWith(service.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("sagemaker");
    }

    @Override
    public String operation(Call call) {
        return call.target();
    }

    @Override
    public String resource(Call call) {
        try {
            var json = json(call);
            return NAMES.stream()
                    .filter(name -> json.path(name).isString())
                    .findFirst()
                    .map(name -> json.path(name).stringValue())
                    .orElse("");
        } catch (Refusal unreadable) {
            return "";
        }
    }

    @Override
    public Reply answer(Call call, String requestId) {
        return Reply.of(200, TYPE, operations.answer(call.target(), json(call)).toString(), "OK");
    }

    @Override
    public Reply error(WireError error, String requestId) {
        var body = SdkCodec.JSON.createObjectNode().put("__type", error.code()).put("message", error.message());
        return Reply.of(error.status(), TYPE, body.toString(), error.code());
    }

    private static JsonNode json(Call call) {
        try {
            var json = SdkCodec.JSON.readTree(call.body().length == 0 ? new byte[] {'{', '}'} : call.body());
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            log.debug("unreadable body", e);
        }
        throw new Refusal(new WireError(400, "SerializationException", "The body is not a JSON object."));
    }
}
