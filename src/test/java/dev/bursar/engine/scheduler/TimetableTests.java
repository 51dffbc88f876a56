// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TimetableTests {

    @Test
    void readsCronInTheZoneOfTheSchedule() {
        var monday = Instant.parse("2026-11-23T12:00:00Z");
        var vienna = ZoneId.of("Europe/Vienna");

        assertThat(Timetable.of("cron(30 8 ? * MON-FRI *)", vienna, monday).next(monday))
                .contains(Instant.parse("2026-11-24T07:30:00Z"));
        assertThat(Timetable.of("cron(0/15 * * * ? *)", vienna, monday).next(monday))
                .contains(Instant.parse("2026-11-23T12:15:00Z"));
        assertThat(Timetable.of("cron(0 0 1 JAN ? 2027)", vienna, monday).next(monday))
                .contains(Instant.parse("2026-12-31T23:00:00Z"));
        assertThat(Timetable.of("cron(0 0 1 1 ? 2020)", vienna, monday).next(monday))
                .isEmpty();
    }
}
