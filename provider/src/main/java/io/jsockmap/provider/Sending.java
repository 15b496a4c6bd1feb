package io.jsockmap.provider;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.SendResult;

import java.util.concurrent.locks.LockSupport;

/** A send whose result its thread waits for. */
final class Sending implements SendResult {
    private final Thread sender = Thread.currentThread();
    private long accepted;
    private int errno;
    private volatile boolean over;

    @Override
    public void done(long accepted, int errno) {
        this.accepted = accepted;
        this.errno = errno;
        over = true;
        // Mostly nobody else does the work.
        if (Thread.currentThread() != sender) LockSupport.unpark(sender);
    }

    void await() {
        boolean interrupted = false;
        while (!over) {
            LockSupport.park(this);
            // An interrupt closes the channel, which ends the send; it must not make this spin.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) sender.interrupt();
    }

    boolean isOver() {
        return over;
    }

    /** How many bytes were accepted; when it is over. */
    long accepted() {
        return accepted;
    }

    /** Why the others were not; 0 if there are none. */
    int errno() {
        return errno;
    }

    /** Whether there was no room for all bytes. */
    boolean foundNoRoom() {
        return errno == Errno.EAGAIN.number();
    }

    boolean failed() {
        return accepted == 0 && errno != 0 && !foundNoRoom();
    }
}
