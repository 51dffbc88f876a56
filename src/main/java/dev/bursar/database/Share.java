package dev.bursar.database;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Whose connections a thread uses: each share has its own, so that nobody uses up those of another. */
public enum Share {
    /** What people read and ask for. Threads that nobody has marked are here. */
    REQUESTS,
    /** What people order to be stopped, which must be possible however many ask for something else. */
    ORDERS,
    /** What the service does by itself: start, look, renew, stop, open months, audit. */
    DUTIES;

    private static final ThreadLocal<Share> OF_THREAD = ThreadLocal.withInitial(() -> REQUESTS);

    static Share ofThisThread() {
        return OF_THREAD.get();
    }

    /** Until it is closed, this thread is of this share. */
    public Turn begin() {
        var before = OF_THREAD.get();
        OF_THREAD.set(this);
        return () -> OF_THREAD.set(before);
    }

    /** Makes threads that are of this share as long as they live. */
    ThreadFactory threads(String prefix) {
        var number = new AtomicInteger();
        return work -> new Thread(
                () -> {
                    OF_THREAD.set(this);
                    work.run();
                },
                prefix + number.incrementAndGet());
    }

    /** The time for which a thread is of a share. */
    public interface Turn extends AutoCloseable {

        @Override
        void close();
    }
}
