// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.training;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.bursar.engine.xgboost.XGBoostMetrics;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sagemaker.model.MetricDefinition;

/**
 * How a metric is found in a line. The expression is a user's, and so is the line: it is matched in time that grows with
 * the line alone (RE2), and no longer than until a deadline.
 */
final class MetricExpression {

    private static final int LINE = 4096;

    private final String name;
    private final Pattern pattern;
    private final String essence;

    private MetricExpression(String name, Pattern pattern, String essence) {
        this.name = name;
        this.pattern = pattern;
        this.essence = essence;
    }

    /** A metric that nobody can look for, and why. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why, null, false, false);
        }
    }

    /** A line that stops matching when time is up. */
    private record Bounded(CharSequence text, Instant until) implements CharSequence {

        @Override
        public char charAt(int index) {
            if ((index & 63) == 0 && Instant.now().isAfter(until)) {
                throw new OutOfTime();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    /** The deadline has passed. */
    static final class OutOfTime extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutOfTime() {
            super("out of time", null, false, false);
        }
    }

    static MetricExpression of(MetricDefinition definition) throws Unusable {
        try {
            var pattern = Pattern.compile(definition.regex());
            if (pattern.groupCount() < 1) {
                throw new Unusable("its regular expression has no group whose text would be the value");
            }
            return new MetricExpression(
                    definition.name(), pattern, XGBoostMetrics.essence(definition.name(), definition.regex()));
        } catch (PatternSyntaxException e) {
            throw new Unusable("its regular expression cannot be read (" + e.getDescription()
                    + "; look-around, back-references and possessive quantifiers are not offered by this engine)");
        } catch (StackOverflowError | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Unusable("its regular expression is nested too deeply");
        }
    }

    String name() {
        return name;
    }

    /** The value in a line, of which no more than the beginning is looked at. */
    Optional<Float> valueIn(String line, Instant until) {
        if (!line.contains(essence)) {
            return Optional.empty();
        }
        var text = line.length() > LINE ? line.substring(0, LINE) : line;
        var match = pattern.matcher(new Bounded(text, until));
        return match.find() ? number(match.group(1)) : Optional.empty();
    }

    private static Optional<Float> number(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Float.parseFloat(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
