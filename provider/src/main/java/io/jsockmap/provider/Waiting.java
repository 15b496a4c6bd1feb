package io.jsockmap.provider;

import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How long somebody waits. Whoever has waited looks again: it may have been for nothing. */
final class Waiting {
    private final boolean ends;
    private final long end;

    private Waiting(boolean ends, long nanos) {
        this.ends = ends;
        end = System.nanoTime() + nanos;
    }

    static Waiting forEver() {
        return new Waiting(false, 0);
    }

    /**
     * @param millis 0 for ever, as SO_TIMEOUT has it
     */
    static Waiting of(int millis) {
        return new Waiting(millis > 0, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    void await(Object blocker) throws SocketTimeoutException {
        if (ends && end - System.nanoTime() <= 0) {
            throw new SocketTimeoutException("Read timed out");
        }
        park(blocker);
    }

    void park(Object blocker) {
        if (ends) LockSupport.parkNanos(blocker, Math.max(1, end - System.nanoTime()));
        else LockSupport.park(blocker);
    }
}
