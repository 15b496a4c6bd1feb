package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.CallTrait.GPL_ONLY;
import static io.jsockmap.bpf.program.Helper.Argument.ANYTHING;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE_OR_ZERO;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Range;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.HelperFunction;
import io.jsockmap.bpf.program.Run;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Helpers that read from an address which may be bad. They read what the program may read anyhow,
 * and nothing else: for all the rest the answer is zeros and EFAULT, never a neighbour's byte.
 */
final class ProbeHelpers {
    static final List<Helper> ALL =
            List.of(
                    row(112, ProbeHelpers::read),
                    row(113, ProbeHelpers::read),
                    text(114),
                    text(115));

    /** The first two of them, which only programs for tracing have. */
    static final List<Helper> TRACING = List.of(row(4, ProbeHelpers::read), text(45));

    private ProbeHelpers() {}

    private static Helper row(int number, HelperFunction function) {
        return Helper.of(number, function, Result.NUMBER, WRITABLE, SIZE_OR_ZERO, ANYTHING)
                .with(GPL_ONLY);
    }

    private static Helper text(int number) {
        return row(number, ProbeHelpers::readText).within(Range.UP_TO_SIZE);
    }

    private static long read(Run run, long[] a) {
        var target = run.memory().writable(a[0], a[1]);
        try {
            target.copyFrom(run.memory().readable(a[2], a[1]));
            return 0;
        } catch (MemoryFault _) {
            return zeros(target);
        }
    }

    /** Copies up to a zero byte, which counts, or as much as there is room for with one. */
    private static long readText(Run run, long[] a) {
        var memory = run.memory();
        var target = memory.writable(a[0], a[1]);
        if (a[1] == 0) return 0;
        try {
            for (long i = 0; i < a[1] - 1; i++) {
                byte c = (byte) memory.load(a[2] + i, 1);
                target.set(JAVA_BYTE, i, c);
                if (c == 0) return i + 1;
            }
        } catch (MemoryFault _) {
            return zeros(target);
        }
        target.set(JAVA_BYTE, a[1] - 1, (byte) 0);
        return a[1];
    }

    private static long zeros(MemorySegment target) {
        target.fill((byte) 0);
        return Errno.EFAULT.negative();
    }
}
