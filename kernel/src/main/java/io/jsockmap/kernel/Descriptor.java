package io.jsockmap.kernel;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import java.util.Arrays;

/** A file descriptor of the kernel: a map, a program or types. */
record Descriptor(int number) implements AutoCloseable {

    /**
     * What a command that makes something gave.
     *
     * @throws BpfException if it gave an error; what says what was to be made
     */
    static Descriptor of(Bpf.Answer answer, String what) {
        check(answer, what);
        return new Descriptor(answer.value());
    }

    /**
     * Looks at a command's answer.
     *
     * @throws BpfException if it is an error, with EIO for an errno that has no name here
     */
    static void check(Bpf.Answer answer, String what) {
        if (answer.isSuccess()) return;
        var errno =
                Arrays.stream(Errno.values())
                        .filter(e -> e.number() == answer.errno())
                        .findFirst()
                        .orElse(Errno.EIO);
        throw new BpfException(
                errno, "the kernel refuses %s (errno %d)".formatted(what, answer.errno()));
    }

    @Override
    public void close() {
        Bpf.close(number);
    }
}
