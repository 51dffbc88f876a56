package dev.bursar.engine;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients see later than it happens. */
final class Delays {

    private final Clock clock;

    Delays(Clock clock) {
        this.clock = clock;
    }

    /** Takes out of an answer what is not to be seen yet. */
    void after(String operation, ObjectNode answer, Nastiness nastiness) {
        if (operation.equals("DescribeTrainingJob")) {
            hideBill(answer, nastiness.jobs().billedLateSeconds());
        }
    }

    private void hideBill(ObjectNode job, int seconds) {
        if (isYoung(job.path("TrainingEndTime"), seconds)) {
            job.remove(List.of("BillableTimeInSeconds", "TrainingTimeInSeconds"));
        }
    }

    private boolean isYoung(JsonNode time, int seconds) {
        return time.isNumber()
                && Instant.ofEpochMilli(
                                time.decimalValue().movePointRight(3).longValue())
                        .plusSeconds(seconds)
                        .isAfter(clock.instant());
    }
}
