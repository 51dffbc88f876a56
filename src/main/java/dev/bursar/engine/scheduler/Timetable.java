// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.scheduler;

import dev.bursar.engine.wire.Refusal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** When a schedule is due: {@code at(…)}, {@code rate(…)} or {@code cron(…)}. */
interface Timetable {

    /** The first time after another one, or none if there is none within a year. */
    Optional<Instant> next(Instant after);

    default boolean isOnce() {
        return false;
    }

    /**
     * Reads a schedule expression.
     *
     * @param start when a rate begins to count
     */
    static Timetable of(String expression, ZoneId zone, Instant start) {
        var parts = Pattern.compile("(at|rate|cron)\\((.*)\\)").matcher(expression.strip());
        try {
            if (parts.matches()) {
                return switch (parts.group(1)) {
                    case "at" ->
                        new Once(
                                LocalDateTime.parse(parts.group(2)).atZone(zone).toInstant());
                    case "rate" -> Rate.of(parts.group(2), start);
                    default -> Cron.of(parts.group(2), zone);
                };
            }
        } catch (DateTimeException | NumberFormatException e) {
            throw invalid(expression);
        }
        throw invalid(expression);
    }

    private static Refusal invalid(String expression) {
        return Refusal.validation("Invalid Schedule Expression %s.".formatted(expression));
    }

    /** {@code at(2026-11-25T03:00:00)}. */
    record Once(Instant time) implements Timetable {
        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(time).filter(one -> one.isAfter(after));
        }

        @Override
        public boolean isOnce() {
            return true;
        }
    }

    /** {@code rate(5 minutes)}: at once, and every five minutes from then on. */
    record Rate(Duration every, Instant start) implements Timetable {

        static Rate of(String text, Instant start) {
            var parts = text.strip().split("\\s+", -1);
            var unit = ChronoUnit.valueOf(
                    (parts.length == 2 ? parts[1] : "").toUpperCase(Locale.ROOT).replaceFirst("S?$", "S"));
            var count = Long.parseLong(parts[0]);
            if (count < 1
                    || !List.of(ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS)
                            .contains(unit)) {
                throw new NumberFormatException(text);
            }
            return new Rate(Duration.of(count, unit), start);
        }

        @Override
        public Optional<Instant> next(Instant after) {
            if (after.isBefore(start)) {
                return Optional.of(start);
            }
            var passed = Duration.between(start, after).dividedBy(every);
            return Optional.of(start.plus(every.multipliedBy(passed + 1)));
        }
    }

    /** {@code cron(minutes hours day-of-month month day-of-week year)}; one of the days is a question mark. */
    record Cron(List<String> fields, ZoneId zone) implements Timetable {

        private static final List<String> MONTHS =
                List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
        private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
        private static final Pattern FIELD =
                Pattern.compile("(\\?|(\\*|\\d+(-\\d+)?)(/\\d+)?(,\\d+(-\\d+)?(/\\d+)?)*)");

        static Cron of(String text, ZoneId zone) {
            var fields = Arrays.asList(text.strip().toUpperCase(Locale.ROOT).split("\\s+", -1));
            if (fields.size() != 6) {
                throw new NumberFormatException(text);
            }
            fields.set(3, numbered(fields.get(3), MONTHS));
            fields.set(4, numbered(fields.get(4), DAYS));
            var days = List.of(fields.get(2), fields.get(4));
            if (!fields.stream().allMatch(field -> FIELD.matcher(field).matches()) || !days.contains("?")) {
                throw new NumberFormatException(text);
            }
            return new Cron(List.copyOf(fields), zone);
        }

        @Override
        public Optional<Instant> next(Instant after) {
            var last = after.atZone(zone).plusYears(1);
            var time = after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
            while (time.isBefore(last)) {
                if (!isDay(time)) {
                    time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
                } else if (fits(0, time.getMinute()) && fits(1, time.getHour())) {
                    return Optional.of(time.toInstant());
                } else {
                    time = time.plusMinutes(1);
                }
            }
            return Optional.empty();
        }

        private boolean isDay(ZonedDateTime time) {
            return fits(2, time.getDayOfMonth())
                    && fits(3, time.getMonthValue())
                    && fits(4, time.getDayOfWeek().getValue() % 7 + 1)
                    && fits(5, time.getYear());
        }

        private boolean fits(int field, int value) {
            return Arrays.stream(fields.get(field).split(",", -1)).anyMatch(part -> fits(part, value));
        }

        private static boolean fits(String part, int value) {
            if (part.equals("?") || part.equals("*")) {
                return true;
            }
            var stepped = part.split("/", 2);
            var range = stepped[0].split("-", 2);
            var from = stepped[0].equals("*") ? 0 : Integer.parseInt(range[0]);
            var isOpen = stepped[0].equals("*") || (range.length == 1 && stepped.length == 2);
            var until = isOpen ? Integer.MAX_VALUE : Integer.parseInt(range[range.length - 1]);
            var step = stepped.length == 2 ? Integer.parseInt(stepped[1]) : 1;
            return value >= from && value <= until && (value - from) % step == 0;
        }

        private static String numbered(String field, List<String> names) {
            var text = field;
            for (int index = 0; index < names.size(); index++) {
                text = text.replace(names.get(index), String.valueOf(index + 1));
            }
            return text;
        }
    }
}
