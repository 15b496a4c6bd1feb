package io.jsockmap.bpf.map;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The number that stands for a CPU. A run has one to itself for as long as it lasts, so that what a
 * program keeps per CPU is never touched by another run, whichever threads they are on.
 */
public final class Cpu {
    /** How many there are, 1 to 64. */
    public static final int COUNT =
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, Long.SIZE);

    private static final AtomicLong TAKEN = new AtomicLong(COUNT == Long.SIZE ? 0 : -1L << COUNT);
    private static final ThreadLocal<Integer> CURRENT = new ThreadLocal<>();

    private Cpu() {}

    /** Takes a CPU for this thread. Runs are short and never wait, so one is free soon. */
    public static int enter() {
        while (true) {
            long taken = TAKEN.get();
            int free = Long.numberOfTrailingZeros(~taken);
            if (free == Long.SIZE) {
                Thread.onSpinWait();
            } else if (TAKEN.compareAndSet(taken, taken | 1L << free)) {
                CURRENT.set(free);
                return free;
            }
        }
    }

    /** Gives the thread's CPU back. */
    public static void leave() {
        int cpu = CURRENT.get();
        CURRENT.remove();
        TAKEN.getAndUpdate(taken -> taken & ~(1L << cpu));
    }

    /** The CPU of the run on this thread. */
    public static int current() {
        return CURRENT.get();
    }
}
