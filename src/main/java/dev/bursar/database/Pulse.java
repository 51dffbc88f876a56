package dev.bursar.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Asks PostgreSQL again and again, on a line and a thread of its own, whether it answers. While it does not, nobody waits
 * for it: what is under way is cut, and what comes is refused at once. So a request is answered within the silence that
 * is allowed, health tells the truth without asking anybody, and everything goes on with the first answer.
 */
final class Pulse implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Pulse.class);

    private final Lines lines;
    private final DatabaseSettings settings;
    private volatile boolean running;
    private volatile @Nullable Long silentSince;
    private @Nullable Connection line;
    private @Nullable Thread thread;

    Pulse(Lines lines, DatabaseSettings settings) {
        this.lines = lines;
        this.settings = settings;
    }

    /** Whether it gave no answer when it was asked last. */
    boolean isSilent() {
        return silentSince != null;
    }

    Duration silence() {
        var since = silentSince;
        return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    @Override
    public void start() {
        running = true;
        var beats = new Thread(this::beat, "pulse");
        beats.setDaemon(true);
        beats.start();
        thread = beats;
    }

    @Override
    public void stop() {
        running = false;
        var beats = thread;
        if (beats != null) {
            beats.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** First to start and last to stop. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    private void beat() {
        while (running) {
            if (answers()) {
                heard();
            } else if (running) {
                missed();
            }
            pause();
        }
        hangUp();
    }

    /** A line that was cut says nothing of PostgreSQL; only a new one does, unless the time is over with the first. */
    private boolean answers() {
        var begun = System.nanoTime();
        return ask() || (System.nanoTime() - begun < settings.silence().toNanos() / 2 && ask());
    }

    private boolean ask() {
        try {
            var asked = line == null ? dial() : line;
            line = asked;
            try (var statement = asked.createStatement()) {
                return statement.execute("select 1");
            }
        } catch (SQLException e) {
            log.debug("no answer", e);
            hangUp();
            return false;
        }
    }

    private Connection dial() throws SQLException {
        var dialled = lines.getConnection();
        dialled.setNetworkTimeout(Runnable::run, (int) settings.silence().toMillis());
        return dialled;
    }

    private void hangUp() {
        var last = line;
        line = null;
        if (last != null) {
            try {
                last.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("it was cut already", e);
            }
        }
    }

    private void heard() {
        var since = silentSince;
        if (since != null) {
            log.warn(
                    "PostgreSQL answers again after {} s; everything goes on",
                    silence().toSeconds());
            silentSince = null;
        }
    }

    private void missed() {
        if (silentSince == null) {
            silentSince = System.nanoTime();
            log.error("PostgreSQL does not answer; requests are answered with 503 and duties wait until it does");
            lines.cut();
        }
    }

    private void pause() {
        try {
            Thread.sleep(settings.pulse().toMillis());
        } catch (InterruptedException e) {
            running = false;
        }
    }
}
