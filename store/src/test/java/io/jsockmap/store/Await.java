package io.jsockmap.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what will be, however long it takes. */
final class Await {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Await() {}

    static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("never: " + what);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
