package dev.bursar.budget;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;

/**
 * A month of a budget, or what is left of it after the budget's start.
 *
 * @param name such as {@code 2026-11}
 */
record Month(String name, Instant startsAt, Instant endsAt) {

    /** From then until the next month begins there, whatever the clocks of that zone do in between. */
    static Month from(Instant start, ZoneId zone) {
        var month = YearMonth.from(start.atZone(zone));
        var end = month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();
        return new Month(month.toString(), start, end);
    }
}
