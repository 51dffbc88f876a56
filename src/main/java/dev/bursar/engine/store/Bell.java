// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Wakes those who wait for anything of a kind to change. */
public final class Bell {

    private CountDownLatch next = new CountDownLatch(1);

    synchronized void ring() {
        next.countDown();
        next = new CountDownLatch(1);
    }

    /** The next stroke; whoever takes it before looking around misses none. */
    public synchronized Stroke next() {
        return new Stroke(next);
    }

    public record Stroke(CountDownLatch latch) {

        public void await(Duration patience) {
            try {
                latch.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
