package dev.bursar.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** With some other process in the place of PostgreSQL. */
class RevivalTests {

    private final AtomicReference<Process> server = new AtomicReference<>();
    private final AtomicInteger starts = new AtomicInteger();
    private final CountDownLatch givenUp = new CountDownLatch(1);

    @Test
    void startsAgainWhatWasKilledEachTime() throws Exception {
        var started = new CountDownLatch(2);
        launch();
        try (var revival = revival(() -> {
            launch();
            started.countDown();
        })) {
            while (!started.await(10, TimeUnit.MILLISECONDS)) {
                assertThat(revival).isNotNull();
                current().destroyForcibly();
            }
        }

        assertThat(givenUp.getCount()).isEqualTo(1);
        current().destroyForcibly();
    }

    @Test
    void givesUpWhatCannotBeStartedAgain() throws Exception {
        launch();
        try (var revival = revival(() -> {
            starts.incrementAndGet();
            throw new PostgreSqlRefused("pg_ctl", "could not start", false);
        })) {
            current().destroyForcibly();

            assertThat(givenUp.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(revival).isNotNull();
        }

        assertThat(starts.get()).isGreaterThan(5);
    }

    @Test
    void startsNothingOnceItIsClosed() throws Exception {
        launch();
        var revival = revival(starts::incrementAndGet);

        revival.close();
        current().destroyForcibly().waitFor();

        assertThat(starts).hasValue(0);
        assertThat(givenUp.getCount()).isEqualTo(1);
    }

    private Revival revival(Runnable start) {
        return new Revival(
                () -> Optional.of(current().toHandle()).filter(ProcessHandle::isAlive),
                start,
                givenUp::countDown,
                Duration.ofMillis(1));
    }

    private Process current() {
        return java.util.Objects.requireNonNull(server.get());
    }

    private void launch() {
        try {
            server.set(new ProcessBuilder(List.of("sleep", "600")).start());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
