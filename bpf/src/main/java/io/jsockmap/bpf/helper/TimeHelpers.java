package io.jsockmap.bpf.helper;

import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Run;

import java.util.List;

/** Helpers that tell the time. */
final class TimeHelpers {
    static final List<Helper> ALL =
            List.of(
                    Helper.of(5, TimeHelpers::monotonic, Result.NUMBER),
                    Helper.of(118, TimeHelpers::jiffies, Result.NUMBER),
                    Helper.of(125, TimeHelpers::monotonic, Result.NUMBER),
                    Helper.of(160, TimeHelpers::monotonic, Result.NUMBER),
                    Helper.of(208, TimeHelpers::atomicTime, Result.NUMBER));

    /** A jiffy of a kernel with CONFIG_HZ=250, as most distributions have it. */
    private static final long JIFFY = 4_000_000;

    private TimeHelpers() {}

    private static long monotonic(Run run, long[] a) {
        return run.environment().nanoTime().getAsLong();
    }

    private static long jiffies(Run run, long[] a) {
        return Long.divideUnsigned(monotonic(run, a), JIFFY);
    }

    /** Atomic time without leap seconds, as on a machine that nobody told how many there were. */
    private static long atomicTime(Run run, long[] a) {
        return run.environment().wallTime().getAsLong();
    }
}
