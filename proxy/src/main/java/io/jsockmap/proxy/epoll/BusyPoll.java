package io.jsockmap.proxy.epoll;

/**
 * Whether a thread that has nothing to do looks again for a while before it sleeps: to be woken
 * takes longer than many a wait. Where that finds nothing several times in a row, it is done ever
 * more rarely.
 */
final class BusyPoll {
    /** The most waits that are slept through between two attempts. */
    private static final int RAREST = 63;

    private final long nanos;
    private int pauses;
    private int toPass;

    /**
     * @param nanos how long it looks; 0 for never
     */
    BusyPoll(long nanos) {
        this.nanos = nanos;
    }

    /** Whether it is worth to look this time. */
    boolean isDue() {
        if (nanos == 0) return false;
        if (toPass == 0) return true;
        toPass--;
        return false;
    }

    /** Until when to look, by {@link System#nanoTime}. */
    long end() {
        return System.nanoTime() + nanos;
    }

    /** It has found something. */
    void succeeded() {
        pauses = 0;
    }

    /** It has found nothing. */
    void failed() {
        pauses = Math.min(2 * pauses + 1, RAREST);
        toPass = pauses;
    }
}
