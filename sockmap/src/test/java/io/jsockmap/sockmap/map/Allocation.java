package io.jsockmap.sockmap.map;

import java.lang.reflect.Method;

/** What code takes of the heap, as the JVM counts it for each thread. */
final class Allocation {
    private static final int TIMES = 100_000;

    /** Compiling takes some of them; the best counts. */
    private static final int ROUNDS = 10;

    private final Object threads;
    private final Method bytes;

    /** By name: the module has no use for what counts them, but for this. */
    Allocation() throws ReflectiveOperationException {
        threads =
                Class.forName("java.lang.management.ManagementFactory")
                        .getMethod("getThreadMXBean")
                        .invoke(null);
        bytes =
                Class.forName("com.sun.management.ThreadMXBean")
                        .getMethod("getCurrentThreadAllocatedBytes");
    }

    /** Bytes for each time that something is done, on average. */
    double of(Runnable action) throws ReflectiveOperationException {
        double least = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = (long) bytes.invoke(threads);
            for (int i = 0; i < TIMES; i++) action.run();
            long after = (long) bytes.invoke(threads);
            least = Math.min(least, (double) (after - before) / TIMES);
        }
        return least;
    }
}
