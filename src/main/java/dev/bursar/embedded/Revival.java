package dev.bursar.embedded;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the server again when it has ended although nobody here asked it to: with the same data, at the same port. What
 * was committed is there. Where it cannot be started any more, the service without it would be of no use to anybody.
 */
final class Revival implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Revival.class);
    private static final int ATTEMPTS = 20;

    private final Supplier<Optional<ProcessHandle>> server;
    private final Runnable start;
    private final Runnable giveUp;
    private final Duration pause;
    private final Thread watch = new Thread(this::watch, "postgresql");
    private boolean closed;

    Revival(Supplier<Optional<ProcessHandle>> server, Runnable start, Runnable giveUp, Duration pause) {
        this.server = server;
        this.start = start;
        this.giveUp = giveUp;
        this.pause = pause;
        watch.setDaemon(true);
        watch.start();
    }

    /** Returns when nothing is started any more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        watch.interrupt();
    }

    private void watch() {
        try {
            do {
                awaitEnd();
            } while (revive());
        } catch (InterruptedException e) {
            LOG.debug("it is to end");
        }
    }

    private void awaitEnd() throws InterruptedException {
        var process = server.get();
        if (process.isPresent()) {
            try {
                process.get().onExit().get();
            } catch (ExecutionException e) {
                LOG.warn(
                        "nobody can tell when PostgreSQL (process {}) ends",
                        process.get().pid(),
                        e);
            }
        }
    }

    /** Whether there is something to watch again. */
    private boolean revive() throws InterruptedException {
        for (var attempt = 1; attempt <= ATTEMPTS; attempt++) {
            synchronized (this) {
                if (closed) {
                    return false;
                }
                LOG.error("PostgreSQL has ended and nobody here asked it to; it is started again");
                if (isStarted()) {
                    return true;
                }
            }
            Thread.sleep(pause.toMillis());
        }
        LOG.error("PostgreSQL does not start again, see its postgresql.log; without it this process ends. "
                + "The data stays where it is, and the next start takes it up");
        giveUp.run();
        return false;
    }

    private boolean isStarted() {
        try {
            start.run();
            return true;
        } catch (PostgreSqlRefused e) {
            LOG.warn("not yet: {}", e.getMessage());
            return false;
        }
    }
}
