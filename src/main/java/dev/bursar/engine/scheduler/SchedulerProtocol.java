// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.scheduler;

import dev.bursar.engine.wire.Call;
import dev.bursar.engine.wire.Protocol;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.Reply;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import tools.jackson.databind.node.ObjectNode;

/** EventBridge Scheduler: {@code POST, PUT, GET, DELETE /schedules/{name}}. */
public final class SchedulerProtocol implements Protocol {

    private static final String PATH = "/schedules/";
    private static final Map<String, String> OPERATIONS =
            Map.of("POST", "CreateSchedule", "PUT", "UpdateSchedule", "GET", "GetSchedule", "DELETE", "DeleteSchedule");

    private final Schedules schedules;
    private final Clock clock;

    public SchedulerProtocol(Schedules schedules, Clock clock) {
        this.schedules = schedules;
        this.clock = clock;
    }

    @Override
    public boolean takes(Call call) {
        return call.path().startsWith(PATH);
    }

    @Override
    public String service(Call call) {
        return "scheduler";
    }

    @Override
    public String operation(Call call) {
        return "Scheduler." + OPERATIONS.getOrDefault(call.method(), call.method());
    }

    @Override
    public String resource(Call call) {
        return URLDecoder.decode(call.path().substring(PATH.length()), StandardCharsets.UTF_8);
    }

    @Override
    public Reply answer(Call call, String requestId) {
        var name = resource(call);
        Schedules.checkName(name);
        if (!group(call).equals(Schedules.GROUP)) {
            throw Schedules.otherGroup();
        }
        var now = clock.instant();
        return switch (call.method()) {
            case "POST" -> reply(200, schedules.create(name, ScheduleTarget.input(text(call)), now), "OK");
            case "PUT" -> reply(200, schedules.update(name, ScheduleTarget.input(text(call)), now), "OK");
            case "GET" -> reply(200, visible(schedules.get(name)), "OK");
            case "DELETE" -> {
                schedules.delete(name);
                yield reply(200, SdkCodec.JSON.createObjectNode(), "OK");
            }
            default ->
                throw new Refusal(new WireError(
                        404,
                        "UnknownOperationException",
                        "The engine has no %s of a schedule.".formatted(call.method())));
        };
    }

    @Override
    public Reply error(WireError error, String requestId) {
        var body = SdkCodec.JSON.createObjectNode().put("Message", error.message());
        var reply = reply(error.status(), body, error.code());
        return new Reply(
                reply.status(), reply.type(), reply.content(), Map.of("x-amzn-ErrorType", error.code()), error.code());
    }

    private static Reply reply(int status, ObjectNode body, String outcome) {
        return new Reply(status, "application/json", SdkBytes.fromUtf8String(body.toString()), Map.of(), outcome);
    }

    /** Without what only the engine keeps. */
    private static ObjectNode visible(ObjectNode schedule) {
        var copy = schedule.deepCopy();
        copy.remove("LastDue");
        return copy;
    }

    /** The group that Get and Delete name in the query. */
    private static String group(Call call) {
        return Arrays.stream(call.query().split("&", -1))
                .filter(pair -> pair.startsWith("groupName="))
                .map(pair -> URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8))
                .findFirst()
                .orElse(Schedules.GROUP);
    }

    private static String text(Call call) {
        return new String(call.body(), StandardCharsets.UTF_8);
    }
}
