package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.CallTrait.ACQUIRES;
import static io.jsockmap.bpf.program.CallTrait.RELEASES;
import static io.jsockmap.bpf.program.Helper.Argument.DYNPTR_OF_RECORD;
import static io.jsockmap.bpf.program.Helper.Argument.DYNPTR_OF_RECORD_TO_FILL;
import static io.jsockmap.bpf.program.Helper.Argument.MAP;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.RingBufferMap;
import io.jsockmap.bpf.map.RingRecord;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;

import java.util.List;

/** Helpers for records of a ring buffer whose size only the run knows. */
final class RingDynptrHelpers {
    static final List<Helper> ALL =
            List.of(
                    Helper.of(
                                    198,
                                    RingDynptrHelpers::reserve,
                                    Result.NUMBER,
                                    MAP,
                                    NUMBER,
                                    NUMBER,
                                    DYNPTR_OF_RECORD_TO_FILL)
                            .with(ACQUIRES),
                    Helper.of(
                                    199,
                                    RingDynptrHelpers::submit,
                                    Result.NOTHING,
                                    DYNPTR_OF_RECORD,
                                    NUMBER)
                            .with(RELEASES),
                    Helper.of(
                                    200,
                                    RingDynptrHelpers::discard,
                                    Result.NOTHING,
                                    DYNPTR_OF_RECORD,
                                    NUMBER)
                            .with(RELEASES));

    private static final long U32 = 0xffff_ffffL;

    private RingDynptrHelpers() {}

    private static long reserve(Run run, long[] a) {
        var ring = MapHelpers.map(run, a[0], RingBufferMap.class, 198);
        long size = a[1] & U32;
        if (a[2] != 0) return refuse(run, a[3], Errno.EINVAL);
        if (size > Dynptr.MAX_SIZE) return refuse(run, a[3], Errno.E2BIG);
        var record = ring.reserve(size, 0);
        if (record == null) return refuse(run, a[3], Errno.EINVAL);
        new Dynptr(run.memory().addressOf(record), size, false).put(run.memory(), a[3]);
        return 0;
    }

    private static long refuse(Run run, long dynptr, Errno errno) {
        Dynptr.NULL.put(run.memory(), dynptr);
        return errno.negative();
    }

    private static long submit(Run run, long[] a) {
        var record = release(run, a[0]);
        if (record != null) record.submit(a[1]);
        return 0;
    }

    private static long discard(Run run, long[] a) {
        var record = release(run, a[0]);
        if (record != null) record.discard(a[1]);
        return 0;
    }

    /**
     * The record of a dynptr, or null for one of a reservation that failed. Pointers into it, and
     * clones, reach nothing from now on.
     */
    private static RingRecord release(Run run, long address) {
        var memory = run.memory();
        var dynptr = Dynptr.at(memory, address);
        if (dynptr.isNull()) return null;
        // It may have been made smaller: then it points behind the record's start.
        var record = memory.regionOf(dynptr.data(), RingRecord.class, "a record of a ring buffer");
        memory.revoke(record);
        Dynptr.NULL.put(memory, address);
        return record;
    }
}
