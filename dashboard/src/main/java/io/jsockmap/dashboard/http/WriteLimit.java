package io.jsockmap.dashboard.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends writes to who does not read: one that lasts too long is interrupted, which closes its
 * connection. Without that, a client who only asks would hold its thread and its connection, of
 * which there are not many, for ever.
 */
final class WriteLimit implements AutoCloseable {
    private final Duration longest;
    private final ScheduledExecutorService alarms =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("dashboard writes").factory());

    /**
     * @param longest how long a write may last
     */
    WriteLimit(Duration longest) {
        this.longest = longest;
    }

    /** Something that writes. */
    interface Writing {
        void write() throws IOException;
    }

    /**
     * Writes, on a thread that has nothing else to do: it may stay interrupted.
     *
     * @throws IOException if it failed, or lasted too long
     */
    void write(Writing writing) throws IOException {
        var alarm =
                alarms.schedule(
                        Thread.currentThread()::interrupt, longest.toNanos(), TimeUnit.NANOSECONDS);
        try {
            writing.write();
        } finally {
            alarm.cancel(false);
        }
    }

    @Override
    public void close() {
        alarms.shutdownNow();
    }
}
