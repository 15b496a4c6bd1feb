package io.jsockmap.bpf.map;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The number that stands for a CPU. A run has one to itself for as long as it lasts, so that what a
 * program keeps per CPU is never touched by a run on another thread. A run within a run, which a
 * helper may cause, is on the CPU of the outer one.
 */
public final class Cpu {
    /** How many there are, 1 to 64. */
    public static final int COUNT =
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, Long.SIZE);

    /** Waiting parks: a virtual thread that spins would keep its carrier from whoever has a CPU. */
    private static final Semaphore FREE = new Semaphore(COUNT);

    /** Callbacks of timers leave CPUs to the runs of sockets, however often they go off. */
    private static final Semaphore CALLBACKS = new Semaphore(Math.max(1, COUNT / 2));

    private static final AtomicLong TAKEN = new AtomicLong();
    private static final ThreadLocal<Integer> CURRENT = new ThreadLocal<>();

    private Cpu() {}

    /**
     * Takes a CPU for this thread, unless it has one.
     *
     * @return whether it took one, which must then be given back by {@link #leave}
     */
    public static boolean enter() {
        if (CURRENT.get() != null) return false;
        FREE.acquireUninterruptibly();
        while (true) {
            long taken = TAKEN.get();
            int free = Long.numberOfTrailingZeros(~taken);
            if (TAKEN.compareAndSet(taken, taken | 1L << free)) {
                CURRENT.set(free);
                return true;
            }
        }
    }

    /** Takes a CPU for a callback, unless this thread has one: at most half of all at a time. */
    public static boolean enterCallback() {
        if (CURRENT.get() != null) return false;
        CALLBACKS.acquireUninterruptibly();
        return enter();
    }

    /** Gives the CPU of a callback back. */
    public static void leaveCallback() {
        leave();
        CALLBACKS.release();
    }

    /** Gives the thread's CPU back. */
    public static void leave() {
        int cpu = CURRENT.get();
        CURRENT.remove();
        TAKEN.getAndUpdate(taken -> taken & ~(1L << cpu));
        FREE.release();
    }

    /** The CPU of the run on this thread; 0 outside of a run. */
    public static int current() {
        var current = CURRENT.get();
        return current == null ? 0 : current;
    }
}
