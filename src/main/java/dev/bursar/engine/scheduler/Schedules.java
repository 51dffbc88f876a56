// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.scheduler;

import dev.bursar.engine.machine.Durable;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import dev.bursar.engine.wire.WireError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The schedules of EventBridge Scheduler, each the answer of GetSchedule in a file of its own. */
public final class Schedules {

    static final String GROUP = "default";

    private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z-_.]+");
    private static final int LONGEST_NAME = 64;
    private static final List<String> MEMBERS = List.of(
            "ActionAfterCompletion",
            "Description",
            "EndDate",
            "FlexibleTimeWindow",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "StartDate",
            "State",
            "Target");

    private final Path folder;
    private final String arnPrefix;
    private final Map<String, ObjectNode> index = new ConcurrentSkipListMap<>();

    public Schedules(RunParts parts) {
        this.folder = parts.folder().resolve("schedules");
        this.arnPrefix = parts.account().arns("scheduler") + "schedule/default/";
        try {
            Files.createDirectories(folder);
            try (var files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".json"))
                        .map(file -> (ObjectNode) SdkCodec.JSON.readTree(file))
                        .forEach(schedule -> index.put(schedule.path("Name").asString(""), schedule));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<ObjectNode> all() {
        return List.copyOf(index.values());
    }

    synchronized ObjectNode create(String name, JsonNode request, Instant now) {
        if (index.containsKey(name)) {
            throw new Refusal(new WireError(409, "ConflictException", "Schedule %s already exists.".formatted(name)));
        }
        return put(name, request, seconds(now), now);
    }

    synchronized ObjectNode update(String name, JsonNode request, Instant now) {
        return put(name, request, get(name).path("CreationDate"), now);
    }

    ObjectNode get(String name) {
        return Optional.ofNullable(index.get(name))
                .orElseThrow(() -> new Refusal(new WireError(
                        404, "ResourceNotFoundException", "Schedule %s does not exist.".formatted(name))));
    }

    synchronized void delete(String name) {
        get(name);
        try {
            Files.delete(folder.resolve(name + ".json"));
            Durable.sync(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        index.remove(name);
    }

    /** Notes the last time a schedule was due, unless it has been changed or deleted meanwhile. */
    synchronized void fired(ObjectNode schedule, Instant due) {
        var name = schedule.path("Name").asString("");
        if (schedule.equals(index.get(name))) {
            var noted = schedule.deepCopy().put("LastDue", due.toEpochMilli());
            write(name, noted);
        }
    }

    static Timetable timetable(JsonNode schedule) {
        try {
            return Timetable.of(
                    schedule.path("ScheduleExpression").asString(""),
                    ZoneId.of(schedule.path("ScheduleExpressionTimezone").asString("UTC")),
                    time(schedule, "StartDate")
                            .orElseGet(() -> time(schedule, "CreationDate").orElse(Instant.EPOCH)));
        } catch (DateTimeException e) {
            throw Refusal.validation("Invalid ScheduleExpressionTimezone: " + e.getMessage());
        }
    }

    static Optional<Instant> time(JsonNode schedule, String member) {
        return Optional.ofNullable(schedule.get(member))
                .filter(JsonNode::isNumber)
                .map(time -> Instant.ofEpochMilli(
                        time.decimalValue().movePointRight(3).longValue()));
    }

    private ObjectNode put(String name, JsonNode request, JsonNode created, Instant now) {
        check(request);
        var schedule = SdkCodec.JSON
                .createObjectNode()
                .put("Arn", arnPrefix + name)
                .put("Name", name)
                .put("GroupName", GROUP)
                .put("State", "ENABLED")
                .put("ScheduleExpressionTimezone", "UTC")
                .put("ActionAfterCompletion", "NONE");
        for (var member : MEMBERS) {
            if (request.has(member)) {
                schedule.set(member, request.path(member));
            }
        }
        schedule.set("CreationDate", created);
        schedule.set("LastModificationDate", seconds(now));
        timetable(schedule);
        write(name, schedule);
        return SdkCodec.JSON.createObjectNode().put("ScheduleArn", arnPrefix + name);
    }

    static void checkName(String name) {
        var start = "1 validation error detected: Value '%s' at 'name' failed to satisfy constraint:".formatted(name);
        if (!NAME.matcher(name).matches()) {
            throw Refusal.validation(start + " Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$");
        }
        if (name.length() > LONGEST_NAME) {
            throw Refusal.validation(start + " Member must have length less than or equal to " + LONGEST_NAME);
        }
    }

    static Refusal otherGroup() {
        return Refusal.validation("Schedule groups other than default are not offered by this engine.");
    }

    private static void check(JsonNode request) {
        for (var member : List.of("ScheduleExpression", "Target", "FlexibleTimeWindow")) {
            if (!request.has(member)) {
                throw Refusal.validation("1 validation error detected: Value null at '%s' failed to satisfy constraint:"
                                .formatted(Character.toLowerCase(member.charAt(0)) + member.substring(1))
                        + " Member must not be null");
            }
        }
        if (!request.path("GroupName").asString(GROUP).equals(GROUP)) {
            throw otherGroup();
        }
        ScheduleTarget.operation(request);
        ScheduleTarget.input(request.path("Target").path("Input").asString("{}"));
    }

    private void write(String name, ObjectNode schedule) {
        Durable.write(folder.resolve(name + ".json"), schedule.toString());
        index.put(name, schedule);
    }

    private static JsonNode seconds(Instant now) {
        return SdkCodec.JSON.valueToTree(BigDecimal.valueOf(now.toEpochMilli(), 3));
    }
}
