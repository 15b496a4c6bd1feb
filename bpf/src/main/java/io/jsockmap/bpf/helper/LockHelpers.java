package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.CallTrait.LOCKS;
import static io.jsockmap.bpf.program.CallTrait.WHILE_LOCKED;
import static io.jsockmap.bpf.program.Helper.Argument.LOCK;

import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;

import java.util.List;

/** Spin locks in values of maps. */
final class LockHelpers {
    static final List<Helper> ALL =
            List.of(
                    Helper.of(93, LockHelpers::lock, Result.NOTHING, LOCK).with(LOCKS),
                    Helper.of(94, LockHelpers::unlock, Result.NOTHING, LOCK).with(WHILE_LOCKED));

    private LockHelpers() {}

    private static long lock(Run run, long[] a) {
        run.lock().lock(a[0]);
        return 0;
    }

    private static long unlock(Run run, long[] a) {
        run.lock().unlock(a[0]);
        return 0;
    }
}
