package io.jsockmap.bpf.map;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What a map takes of the memory that all maps of the process may take together: half of the heap.
 * A hostile object gets ENOMEM, and everybody else goes on.
 */
final class MapMemory {
    private static final long MOST = Runtime.getRuntime().maxMemory() / 2;

    /** Milliseconds for the last time that unreachable maps are waited for. */
    private static final int LONGEST_WAIT = 64;

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

    /**
     * Takes what a new map needs. Maps that nobody can reach any more may hold it until the next
     * collection, which nothing else may cause: what they count lies not all in the heap.
     */
    boolean takeForMap(long bytes) {
        if (take(bytes)) return true;
        if (bytes > MOST) return false;
        System.gc();
        for (int millis = 1; millis <= LONGEST_WAIT; millis *= 2) {
            LockSupport.parkNanos(millis * 1_000_000L);
            if (take(bytes)) return true;
        }
        return false;
    }

    /** Takes some bytes; false if there are not so many. Programs may ask as often as they like. */
    boolean take(long bytes) {
        if (bytes > MOST) return false;
        if (TAKEN.addAndGet(bytes) > MOST) {
            TAKEN.addAndGet(-bytes);
            return false;
        }
        mine.addAndGet(bytes);
        return true;
    }

    /** Gives back all that was taken. */
    void giveAll() {
        TAKEN.addAndGet(-mine.getAndSet(0));
    }

    void give(long bytes) {
        mine.addAndGet(-bytes);
        TAKEN.addAndGet(-bytes);
    }
}
