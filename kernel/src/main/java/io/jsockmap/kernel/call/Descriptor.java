package io.jsockmap.kernel.call;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.util.Arrays;

/**
 * A file descriptor of the kernel: a map, a program or types. Once closed it tells its number to
 * nobody: the process may have given it to another file by then.
 */
public final class Descriptor implements Held {
    private static final int CLOSED = -1;

    /** In the place of one that there is not. */
    public static final Descriptor NONE = new Descriptor(CLOSED);

    private volatile int number;

    public Descriptor(int number) {
        this.number = number;
    }

    /**
     * Its number.
     *
     * @throws BpfException EBADF if it is closed
     */
    public int number() {
        int present = number;
        if (present != CLOSED) return present;
        throw new BpfException(
                Errno.EBADF, "it is closed, with its object or engine: load it again");
    }

    /**
     * What a command that makes something gave.
     *
     * @throws BpfException if it gave an error; what says what was to be made
     */
    public static Descriptor of(Bpf.Answer answer, String what) {
        check(answer, what);
        return new Descriptor(answer.value());
    }

    /**
     * Looks at a command's answer.
     *
     * @throws BpfException if it is an error, with EIO for an errno that has no name here
     */
    public static void check(Bpf.Answer answer, String what) {
        if (answer.isSuccess()) return;
        throw new BpfException(
                errno(answer), "the kernel refuses %s (errno %d)".formatted(what, answer.errno()));
    }

    /** The errno of a failure; EIO for one that has no name here. */
    public static Errno errno(Bpf.Answer answer) {
        return Arrays.stream(Errno.values()).filter(answer::is).findFirst().orElse(Errno.EIO);
    }

    /** Its number as attributes have it where there may be none. */
    public int numberOrZero() {
        return Math.max(0, number);
    }

    /** Twice is harmless. */
    @Override
    public synchronized void close() {
        if (number == CLOSED) return;
        int present = number;
        number = CLOSED;
        Libc.close(present);
    }
}
