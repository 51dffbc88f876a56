// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.run;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs whatever takes time, each on a thread of its own, until the engine is closed. */
public final class Runs implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Runs.class);

    private final AtomicBoolean closing = new AtomicBoolean();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "engine-run");
        thread.setDaemon(true);
        return thread;
    });

    public void start(Runnable run) {
        if (!isClosing()) {
            threads.execute(run);
        }
    }

    boolean isClosing() {
        return closing.get();
    }

    @Override
    public void close() {
        closing.set(true);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(4, TimeUnit.SECONDS)) {
                log.warn("some runs are still busy; they are left to the next engine on this folder");
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
