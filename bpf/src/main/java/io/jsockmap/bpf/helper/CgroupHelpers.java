package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.Helper.Argument.MAP;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;

import java.util.List;

/**
 * Helpers that tell the control group of the task. There are no groups here, so all tasks are in
 * the root, as on a machine where nobody made any.
 */
final class CgroupHelpers {
    static final List<Helper> ALL =
            List.of(
                    // Nobody gave the root a class of packets.
                    Helper.of(17, (_, _) -> 0, Result.NUMBER),
                    Helper.of(37, CgroupHelpers::isUnder, Result.NUMBER, MAP, NUMBER),
                    Helper.of(80, (_, _) -> CgroupHelpers.ROOT, Result.NUMBER),
                    Helper.of(123, CgroupHelpers::ancestor, Result.NUMBER, NUMBER));

    /** The number of the root of the kernel's cgroup2. */
    private static final long ROOT = 1;

    private CgroupHelpers() {}

    /** An array of groups is empty here: nothing can be put into it. */
    private static long isUnder(Run run, long[] a) {
        long index = a[1] & 0xffff_ffffL;
        return index >= run.map(a[0]).maxEntries()
                ? Errno.E2BIG.negative()
                : Errno.EAGAIN.negative();
    }

    private static long ancestor(Run run, long[] a) {
        return (int) a[0] == 0 ? ROOT : 0;
    }
}
