// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LastWordTests {

    @Test
    void failsAJobThatWasLeftInTheMiddle() {
        var job = new Job();

        new LastWord(job, () -> false, Clock.systemUTC()).speak();

        assertThat(job.said)
                .containsExactly("InternalServerError: We encountered an internal error. Please try again.");
    }

    @Test
    void leavesAJobThatHasEndedAsItIs() {
        var job = new Job();
        job.ended = true;

        new LastWord(job, () -> false, Clock.systemUTC()).speak();

        assertThat(job.said).isEmpty();
    }

    @Test
    void triesAgainWhatCannotBeWritten() {
        var job = new Job();
        job.failures.add(new IllegalStateException("No space left on device"));
        job.failures.add(new StackOverflowError());
        job.failures.add(new OutOfMemoryError());

        new LastWord(job, () -> false, Clock.systemUTC()).speak();

        assertThat(job.said).hasSize(1);
    }

    @Test
    void leavesToTheNextEngineWhatIsOpenWhenThisOneCloses() {
        var job = new Job();

        new LastWord(job, () -> true, Clock.systemUTC()).speak();

        assertThat(job.ended).isFalse();
    }

    /** A job of which only the end is looked at. */
    private static final class Job implements Course {

        private final List<String> said = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();
        private boolean ended;

        @Override
        public String key() {
            return "job/left";
        }

        @Override
        public boolean isStopping() {
            return false;
        }

        @Override
        public boolean hasEnded() {
            return ended;
        }

        @Override
        public Optional<Instant> startedAt() {
            return Optional.empty();
        }

        @Override
        public int maxRuntimeInSeconds() {
            return 1;
        }

        @Override
        public void start(Instant now) {}

        @Override
        public void stop(Instant now) {}

        @Override
        public void complete(Instant end, Instant now) {}

        @Override
        public void stopped(boolean overdue, Instant end, Instant now) {}

        @Override
        public void fail(String reason, Instant end, Instant now) {
            if (!failures.isEmpty()) {
                var failure = failures.remove(0);
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            }
            said.add(reason);
            ended = true;
        }
    }
}
