package io.jsockmap.bpf.map;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a map takes of the memory that all maps of the process may take together: half of the heap.
 * A hostile object gets ENOMEM, and everybody else goes on.
 */
final class MapMemory {
    private static final long MOST = Runtime.getRuntime().maxMemory() / 2;
    private static final AtomicLong TAKEN = new AtomicLong();
    private static final Cleaner CLEANER = Cleaner.create();

    private final AtomicLong mine = new AtomicLong();

    /**
     * @param holder gives back what it has taken when nobody can reach it any more
     */
    MapMemory(Object holder) {
        var taken = mine;
        CLEANER.register(holder, () -> TAKEN.addAndGet(-taken.get()));
    }

    /** Takes some bytes; false if there are not so many. */
    boolean take(long bytes) {
        if (bytes > MOST) return false;
        if (TAKEN.addAndGet(bytes) > MOST) {
            TAKEN.addAndGet(-bytes);
            return false;
        }
        mine.addAndGet(bytes);
        return true;
    }

    void give(long bytes) {
        mine.addAndGet(-bytes);
        TAKEN.addAndGet(-bytes);
    }
}
