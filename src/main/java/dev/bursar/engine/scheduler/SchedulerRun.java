// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.scheduler;

import dev.bursar.engine.machine.Pause;
import dev.bursar.engine.run.RunParts;
import dev.bursar.engine.wire.Operations;
import dev.bursar.engine.wire.Refusal;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fires the schedules that are due: calls the operation of SageMaker that the universal target names, with the target's
 * input. What was due while no engine ran is made up for once. At least once: the call comes before the note of it.
 */
public final class SchedulerRun implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(SchedulerRun.class);

    private final Schedules schedules;
    private final RunParts parts;
    private final Operations operations;

    public SchedulerRun(Schedules schedules, RunParts parts, Operations operations) {
        this.schedules = schedules;
        this.parts = parts;
        this.operations = operations;
    }

    @Override
    public void run() {
        while (!parts.isClosing()) {
            for (var schedule : schedules.all()) {
                try {
                    look(schedule);
                } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
                    log.error(
                            "schedule={} is tried again", schedule.path("Name").asString(""), e);
                }
            }
            Pause.brief();
        }
    }

    private void look(ObjectNode schedule) {
        if (!schedule.path("State").asString("").equals("ENABLED")) {
            return;
        }
        var timetable = Schedules.timetable(schedule);
        var last = schedule.has("LastDue")
                ? Instant.ofEpochMilli(schedule.path("LastDue").asLong())
                : Schedules.time(schedule, "CreationDate").orElse(Instant.EPOCH).minusMillis(1);
        var due = timetable.next(last);
        if (due.isEmpty() || due.get().isAfter(now()) || isOver(schedule, timetable, due.get())) {
            return;
        }
        fire(schedule, due.get());
        // Of several that were missed, the others are skipped.
        schedules.fired(schedule, timetable.isOnce() ? due.get() : latest(timetable, due.get()));
        if (timetable.isOnce()
                && schedule.path("ActionAfterCompletion").asString("").equals("DELETE")) {
            schedules.delete(schedule.path("Name").asString(""));
        }
    }

    private Instant latest(Timetable timetable, Instant due) {
        var latest = due;
        for (var next = timetable.next(latest); next.isPresent() && !next.get().isAfter(now()); ) {
            latest = next.get();
            next = timetable.next(latest);
        }
        return latest;
    }

    private static boolean isOver(JsonNode schedule, Timetable timetable, Instant due) {
        return !timetable.isOnce()
                && (Schedules.time(schedule, "EndDate").filter(due::isAfter).isPresent()
                        || Schedules.time(schedule, "StartDate")
                                .filter(due::isBefore)
                                .isPresent());
    }

    private void fire(JsonNode schedule, Instant due) {
        var target = ScheduleTarget.operation(schedule);
        var text = schedule.path("Target")
                .path("Input")
                .asString("{}")
                .replace("<aws.scheduler.schedule-arn>", schedule.path("Arn").asString(""))
                .replace("<aws.scheduler.scheduled-time>", due.toString())
                .replace("<aws.scheduler.execution-id>", UUID.randomUUID().toString())
                .replace("<aws.scheduler.attempt-number>", "1");
        var name = schedule.path("Name").asString("");
        try {
            operations.answer(target, ScheduleTarget.input(text));
            log.info("schedule={} due={} call={} outcome=OK", name, due, target);
        } catch (Refusal refusal) {
            log.warn("schedule={} due={} call={} outcome={}", name, due, target, refusal.error());
        }
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
