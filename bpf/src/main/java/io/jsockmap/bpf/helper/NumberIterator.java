package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.Helper.Argument.ITERATOR;
import static io.jsockmap.bpf.program.Helper.Argument.SCALAR;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.Run;

import java.util.List;

/**
 * The open-coded iterator over numbers, on which {@code bpf_for} and {@code bpf_repeat} are built.
 * Its state is the program's {@code struct bpf_iter_num}: the current number, and the one behind
 * the last; equal when there is nothing more.
 */
final class NumberIterator {
    static final List<Kfunc> ALL =
            List.of(
                    Kfunc.of(
                                    "bpf_iter_num_new",
                                    NumberIterator::begin,
                                    Result.NUMBER,
                                    ITERATOR,
                                    SCALAR,
                                    SCALAR)
                            .with(CallTrait.WHILE_LOCKED, CallTrait.ITERATOR_NEW),
                    Kfunc.of(
                                    "bpf_iter_num_next",
                                    NumberIterator::next,
                                    Result.READ_ONLY_MEMORY_OR_NULL,
                                    ITERATOR)
                            .with(CallTrait.WHILE_LOCKED, CallTrait.ITERATOR_NEXT),
                    Kfunc.of("bpf_iter_num_destroy", NumberIterator::end, Result.NOTHING, ITERATOR)
                            .with(CallTrait.WHILE_LOCKED, CallTrait.ITERATOR_DESTROY));

    /** BPF_MAX_LOOPS of the kernel. */
    private static final long MAX_NUMBERS = 1 << 23;

    private NumberIterator() {}

    private static long begin(Run run, long[] a) {
        int from = (int) a[1];
        int to = (int) a[2];
        set(run, a[0], 0, 0);
        if (from > to) return Errno.EINVAL.negative();
        if ((long) to - from > MAX_NUMBERS) return Errno.E2BIG.negative();
        set(run, a[0], from - 1, to);
        return 0;
    }

    /** A pointer to the next number, which is the state itself, or null. */
    private static long next(Run run, long[] a) {
        int current = (int) run.memory().load(a[0], Integer.BYTES);
        int to = (int) run.memory().load(a[0] + Integer.BYTES, Integer.BYTES);
        if (current + 1 >= to) {
            set(run, a[0], 0, 0);
            return 0;
        }
        set(run, a[0], current + 1, to);
        return a[0];
    }

    private static long end(Run run, long[] a) {
        set(run, a[0], 0, 0);
        return 0;
    }

    private static void set(Run run, long address, int current, int to) {
        run.memory().store(address, Integer.BYTES, current);
        run.memory().store(address + Integer.BYTES, Integer.BYTES, to);
    }
}
