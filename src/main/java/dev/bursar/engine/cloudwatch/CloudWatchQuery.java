// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.cloudwatch;

import dev.bursar.engine.wire.Call;
import dev.bursar.engine.wire.Protocol;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.Reply;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** CloudWatch in the query protocol, which the SDK for Java 2.40 speaks; botocore speaks JSON. */
public final class CloudWatchQuery implements Protocol {

    private static final String NAMESPACE = "http://monitoring.amazonaws.com/doc/2010-08-01/";

    private final CloudWatch cloudWatch;

    public CloudWatchQuery(CloudWatch cloudWatch) {
        this.cloudWatch = cloudWatch;
    }

    @Override
    public boolean takes(Call call) {
        return !call.isJson() && call.form("Version").equals("2010-08-01");
    }

    @Override
    public String service(Call call) {
        return "monitoring";
    }

    @Override
    public String operation(Call call) {
        return "CloudWatch." + call.target();
    }

    @Override
    public String resource(Call call) {
        return "";
    }

    @Override
    public Reply answer(Call call, String requestId) {
        if (!call.target().equals("GetMetricData")) {
            throw new Refusal(new WireError(
                    400,
                    "InvalidAction",
                    "Could not find operation %s; CloudWatch here has GetMetricData only.".formatted(call.target())));
        }
        return Reply.of(200, "text/xml", xml(cloudWatch.getMetricData(parsed(call)), requestId), "OK");
    }

    @Override
    public Reply error(WireError error, String requestId) {
        var body = """
                <ErrorResponse xmlns="%s"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>\
                <RequestId>%s</RequestId></ErrorResponse>
                """.formatted(NAMESPACE, error.code(), escaped(error.message()), requestId);
        return Reply.of(error.status(), "text/xml", body, error.code());
    }

    /** {@code MetricDataQueries.member.1.Id=a} as the JSON it stands for. */
    private static ObjectNode parsed(Call call) {
        var root = SdkCodec.JSON.createObjectNode();
        for (var pair : new String(call.body(), StandardCharsets.UTF_8).split("&", -1)) {
            var parts = pair.split("=", 2);
            if (parts.length == 2) {
                put(root, parts[0].replace(".member.", ".#"), URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return root;
    }

    private static void put(ObjectNode object, String path, String value) {
        var parts = path.split("\\.", 2);
        if (parts.length == 1) {
            if (value.matches("\\d+")) {
                object.put(path, Long.parseLong(value));
            } else {
                object.put(path, value);
            }
        } else if (parts[1].startsWith("#")) {
            var rest = parts[1].substring(1).split("\\.", 2);
            var list = object.path(parts[0]) instanceof ArrayNode found ? found : object.putArray(parts[0]);
            while (list.size() < Integer.parseInt(rest[0])) {
                list.addObject();
            }
            put((ObjectNode) list.get(Integer.parseInt(rest[0]) - 1), rest[1], value);
        } else {
            put(
                    object.path(parts[0]) instanceof ObjectNode found ? found : object.putObject(parts[0]),
                    parts[1],
                    value);
        }
    }

    private static String xml(JsonNode answer, String requestId) {
        var results = new StringBuilder();
        for (var result : answer.path("MetricDataResults")) {
            results.append("<member><Id>%s</Id><Label>%s</Label><StatusCode>Complete</StatusCode><Timestamps>"
                    .formatted(
                            escaped(result.path("Id").asString("")),
                            escaped(result.path("Label").asString(""))));
            result.path("Timestamps")
                    .forEach(second -> results.append("<member>")
                            .append(Instant.ofEpochSecond(second.asLong()))
                            .append("</member>"));
            results.append("</Timestamps><Values>");
            result.path("Values")
                    .forEach(value ->
                            results.append("<member>").append(value.asDouble()).append("</member>"));
            results.append("</Values></member>");
        }
        return ("<GetMetricDataResponse xmlns=\"%s\"><GetMetricDataResult><MetricDataResults>%s</MetricDataResults>"
                        + "</GetMetricDataResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>"
                        + "</GetMetricDataResponse>")
                .formatted(NAMESPACE, results, requestId);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
