package io.jsockmap.sockmap.network;

import io.jsockmap.bpf.Errno;

/**
 * A send, and how it ended.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="network"}
 */
public final class Sending {
    private boolean done;
    private long accepted;
    private int errno;

    Sending() {}

    void done(long accepted, int errno) {
        if (done) throw new IllegalStateException("a send ended twice");
        done = true;
        this.accepted = accepted;
        this.errno = errno;
    }

    /** Whether it is over; one that may wait can be open for long. */
    public boolean isDone() {
        return done;
    }

    /** How many bytes the socket accepted. */
    public long accepted() {
        checkDone();
        return accepted;
    }

    /** 0 if all bytes were accepted. */
    public int errno() {
        checkDone();
        return errno;
    }

    private void checkDone() {
        if (!done) throw new AssertionError("the send is not over: it waits for room");
    }

    /** Expects that all bytes were accepted. */
    public void succeeds() {
        expect(errno() == 0, "a send that succeeds");
    }

    /** Expects that none was accepted. */
    public void failsWith(Errno expected) {
        stopsAfter(0, expected);
    }

    /** Expects that some were accepted, and then no more. */
    public void stopsAfter(long bytes, Errno expected) {
        expect(
                errno() == expected.number() && accepted == bytes,
                "%s after %d bytes".formatted(expected, bytes));
    }

    private void expect(boolean holds, String expected) {
        if (holds) return;
        throw new AssertionError("expected %s, found %s".formatted(expected, this));
    }

    @Override
    public String toString() {
        if (!done) return "a send that waits for room";
        return "%s after %d bytes"
                .formatted(errno == 0 ? "success" : Errno.nameOf(errno), accepted);
    }
}
