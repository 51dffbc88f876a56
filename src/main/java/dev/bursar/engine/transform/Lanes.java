// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.transform;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** So many threads for work that its owner waits for, and that is interrupted when the owner stops waiting. */
final class Lanes implements AutoCloseable {

    private static final long LOOK_EVERY_MILLIS = 50;
    private static final long GRACE_SECONDS = 5;

    private final ExecutorService threads;

    Lanes(int count) {
        threads = Executors.newFixedThreadPool(count);
    }

    <T> Future<T> submit(Callable<T> work) {
        return threads.submit(work);
    }

    /** The result, or the unchecked exception of the work; {@code attend} is called now and then and may give up. */
    static <T> T await(Future<T> future, Runnable attend) {
        try {
            while (!future.isDone()) {
                attend.run();
                look(future);
            }
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        }
    }

    private static void look(Future<?> future) throws InterruptedException, ExecutionException {
        try {
            future.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
