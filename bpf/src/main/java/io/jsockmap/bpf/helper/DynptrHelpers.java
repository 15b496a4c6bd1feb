package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.Helper.Argument.DYNPTR;
import static io.jsockmap.bpf.program.Helper.Argument.DYNPTR_TO_FILL;
import static io.jsockmap.bpf.program.Helper.Argument.MEMORY_SIZE;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.READABLE;
import static io.jsockmap.bpf.program.Helper.Argument.SIZE_OR_ZERO;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE_VALUE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;

import java.util.List;

/** Helpers for pieces of memory whose size only the run knows. */
final class DynptrHelpers {
    static final List<Helper> ALL =
            List.of(
                    Helper.of(
                            197,
                            DynptrHelpers::fromMemory,
                            Result.NUMBER,
                            WRITABLE_VALUE,
                            SIZE_OR_ZERO,
                            NUMBER,
                            DYNPTR_TO_FILL),
                    Helper.of(
                            201,
                            DynptrHelpers::read,
                            Result.NUMBER,
                            WRITABLE,
                            SIZE_OR_ZERO,
                            DYNPTR,
                            NUMBER,
                            NUMBER),
                    Helper.of(
                            202,
                            DynptrHelpers::write,
                            Result.NUMBER,
                            DYNPTR,
                            NUMBER,
                            READABLE,
                            SIZE_OR_ZERO,
                            NUMBER),
                    Helper.of(
                            203,
                            DynptrHelpers::data,
                            Result.MEMORY_OR_NULL,
                            DYNPTR,
                            NUMBER,
                            MEMORY_SIZE));

    private DynptrHelpers() {}

    private static long fromMemory(Run run, long[] a) {
        var memory = run.memory();
        boolean tooLarge = Long.compareUnsigned(a[1], Dynptr.MAX_SIZE) > 0;
        if (tooLarge || a[2] != 0) {
            Dynptr.NULL.put(memory, a[3]);
            return (tooLarge ? Errno.E2BIG : Errno.EINVAL).negative();
        }
        memory.writable(a[0], a[1]);
        new Dynptr(a[0], a[1], false).put(memory, a[3]);
        return 0;
    }

    private static long read(Run run, long[] a) {
        var memory = run.memory();
        var source = Dynptr.at(memory, a[2]);
        if (source.isNull() || a[4] != 0) return Errno.EINVAL.negative();
        if (!source.contains(a[3], a[1])) return Errno.E2BIG.negative();
        memory.writable(a[0], a[1]).copyFrom(memory.readable(source.data() + a[3], a[1]));
        return 0;
    }

    private static long write(Run run, long[] a) {
        var memory = run.memory();
        var target = Dynptr.at(memory, a[0]);
        if (target.refusal() != 0) return target.refusal();
        if (!target.contains(a[1], a[3])) return Errno.E2BIG.negative();
        if (a[4] != 0) return Errno.EINVAL.negative();
        memory.writable(target.data() + a[1], a[3]).copyFrom(memory.readable(a[2], a[3]));
        return 0;
    }

    private static long data(Run run, long[] a) {
        var dynptr = Dynptr.at(run.memory(), a[0]);
        boolean reached = dynptr.refusal() == 0 && dynptr.contains(a[1], a[2]);
        return reached ? dynptr.data() + a[1] : 0;
    }
}
