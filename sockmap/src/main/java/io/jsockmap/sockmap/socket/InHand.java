package io.jsockmap.sockmap.socket;

/** A message that is being gathered or dealt with, and whose bytes are in it. */
final class InHand {
    /**
     * How often a message may be judged beyond once for each byte that senders put in: a program
     * that puts in bytes itself, and judges few at a time, must come to an end.
     */
    private static final int MORE_RUNS = 1024;

    final SkMsg message;

    /** Bytes that earlier sends were told are on their way. */
    private int promised;

    /** Bytes of the send that is going on. */
    private int offered;

    /** How long the message shall be before it is judged, or 0 if it is not held. */
    private long wanted;

    private long bytes;
    private long runs;

    InHand(SkMsg message) {
        this.message = message;
    }

    int promised() {
        return promised;
    }

    int offered() {
        return offered;
    }

    boolean isHeld() {
        return wanted > 0;
    }

    /** Bytes of the send that is going on were put in; whether it is judged now. */
    boolean added(int count) {
        message.origins().append(count);
        offered += count;
        bytes += count;
        if (message.length() >= wanted || message.isFull()) wanted = 0;
        return !isHeld();
    }

    /** Whether it may be judged once more, which is counted. */
    boolean countRun() {
        if (runs >= bytes + MORE_RUNS) return false;
        runs++;
        return true;
    }

    /** How often it was judged. */
    long runs() {
        return runs;
    }

    void holdUntil(long length) {
        wanted = length;
    }

    /** It is judged now, however short it is. */
    void release() {
        wanted = 0;
    }

    /** The send's bytes are on their way for its caller; gives how many that are. */
    int promise() {
        int count = offered;
        promised += count;
        offered = 0;
        return count;
    }

    /** The next bytes of the message go; gives how many of the send's own go with them. */
    int took(int count) {
        int given = message.origins().take(count);
        int old = Math.min(given, promised);
        promised -= old;
        offered -= given - old;
        return given - old;
    }
}
