package io.jsockmap.sockmap.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;

/** A send, and how it ended. */
public final class Sending {
    private boolean done;
    private long accepted;
    private int errno;

    void done(long accepted, int errno) {
        assertThat(done).as("a send ends once").isFalse();
        done = true;
        this.accepted = accepted;
        this.errno = errno;
    }

    public boolean isDone() {
        return done;
    }

    public long accepted() {
        assertThat(done).as("the send is over").isTrue();
        return accepted;
    }

    /** 0 if all bytes were accepted. */
    public int errno() {
        assertThat(done).as("the send is over").isTrue();
        return errno;
    }

    /** Expects that all bytes were accepted. */
    public void succeeds() {
        assertThat(Errno.nameOf(errno())).isEqualTo(Errno.nameOf(0));
    }

    /** Expects that none was accepted. */
    public void failsWith(Errno expected) {
        stopsAfter(0, expected);
    }

    /** Expects that some were accepted, and then no more. */
    public void stopsAfter(long bytes, Errno expected) {
        assertThat(Errno.nameOf(errno())).isEqualTo(expected.name());
        assertThat(accepted()).isEqualTo(bytes);
    }
}
