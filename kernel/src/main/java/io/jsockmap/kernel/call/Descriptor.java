package io.jsockmap.kernel.call;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.util.Arrays;

/** A file descriptor of the kernel: a map, a program or types. */
public record Descriptor(int number) implements Held {
    /** In the place of one that there is not. */
    public static final Descriptor NONE = new Descriptor(-1);

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

    @Override
    public void close() {
        if (number >= 0) Libc.close(number);
    }
}
