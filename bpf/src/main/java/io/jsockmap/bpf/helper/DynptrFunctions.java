package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.Helper.Argument.CONSTANT_SIZE;
import static io.jsockmap.bpf.program.Helper.Argument.DYNPTR;
import static io.jsockmap.bpf.program.Helper.Argument.DYNPTR_TO_FILL;
import static io.jsockmap.bpf.program.Helper.Argument.SCALAR;
import static io.jsockmap.bpf.program.Helper.Argument.WRITABLE_OR_NULL;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.Run;

import java.util.List;

/** Functions of the kernel for dynptrs. */
final class DynptrFunctions {
    static final List<Kfunc> ALL =
            List.of(
                    Kfunc.of(
                            "bpf_dynptr_slice",
                            DynptrFunctions::slice,
                            Result.READ_ONLY_MEMORY_OR_NULL,
                            DYNPTR,
                            SCALAR,
                            WRITABLE_OR_NULL,
                            CONSTANT_SIZE),
                    Kfunc.of(
                                    "bpf_dynptr_slice_rdwr",
                                    DynptrFunctions::writableSlice,
                                    Result.MEMORY_OR_NULL,
                                    DYNPTR,
                                    SCALAR,
                                    WRITABLE_OR_NULL,
                                    CONSTANT_SIZE)
                            .with(CallTrait.WRITES_PACKET),
                    Kfunc.of(
                            "bpf_dynptr_adjust",
                            DynptrFunctions::adjust,
                            Result.NUMBER,
                            DYNPTR,
                            SCALAR,
                            SCALAR),
                    Kfunc.of(
                            "bpf_dynptr_is_null",
                            (run, a) -> Dynptr.at(run.memory(), a[0]).isNull() ? 1 : 0,
                            Result.NUMBER,
                            DYNPTR),
                    Kfunc.of(
                            "bpf_dynptr_is_rdonly",
                            DynptrFunctions::isReadOnly,
                            Result.NUMBER,
                            DYNPTR),
                    Kfunc.of("bpf_dynptr_size", DynptrFunctions::size, Result.NUMBER, DYNPTR),
                    Kfunc.of(
                            "bpf_dynptr_clone",
                            DynptrFunctions::copy,
                            Result.NUMBER,
                            DYNPTR,
                            DYNPTR_TO_FILL));

    private DynptrFunctions() {}

    /** All memory is in one piece here, so the buffer of the program stays unused. */
    private static long slice(Run run, long[] a) {
        var dynptr = Dynptr.at(run.memory(), a[0]);
        boolean reached = !dynptr.isNull() && dynptr.contains(a[1], a[3]);
        return reached ? dynptr.data() + a[1] : 0;
    }

    private static long writableSlice(Run run, long[] a) {
        return Dynptr.at(run.memory(), a[0]).refusal() == 0 ? slice(run, a) : 0;
    }

    private static long adjust(Run run, long[] a) {
        var dynptr = Dynptr.at(run.memory(), a[0]);
        if (dynptr.isNull() || Long.compareUnsigned(a[1], a[2]) > 0) {
            return Errno.EINVAL.negative();
        }
        if (!dynptr.contains(a[2], 0)) return Errno.ERANGE.negative();
        dynptr.part(a[1], a[2]).put(run.memory(), a[0]);
        return 0;
    }

    private static long isReadOnly(Run run, long[] a) {
        var dynptr = Dynptr.at(run.memory(), a[0]);
        return !dynptr.isNull() && dynptr.readOnly() ? 1 : 0;
    }

    private static long size(Run run, long[] a) {
        var dynptr = Dynptr.at(run.memory(), a[0]);
        return dynptr.isNull() ? Errno.EINVAL.negative() : dynptr.size();
    }

    private static long copy(Run run, long[] a) {
        var dynptr = Dynptr.at(run.memory(), a[0]);
        if (dynptr.isNull()) {
            Dynptr.NULL.put(run.memory(), a[1]);
            return Errno.EINVAL.negative();
        }
        dynptr.put(run.memory(), a[1]);
        return 0;
    }
}
