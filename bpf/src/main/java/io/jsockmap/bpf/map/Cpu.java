package io.jsockmap.bpf.map;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The number that stands for a CPU. A run has one to itself for as long as it lasts, so that what a
 * program keeps per CPU is never touched by a run on another thread. A run within a run, which a
 * helper may cause, is on the CPU of the outer one.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="total"}
 */
public final class Cpu {
    /** How many there are, 1 to 64. */
    public static final int COUNT =
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, Long.SIZE);

    /** Callbacks of timers leave CPUs to the runs of sockets, however often they go off. */
    private static final Semaphore CALLBACKS = new Semaphore(Math.max(1, COUNT / 2));

    /** Numbers from one CPU's to the next: threads that take different ones share no cache line. */
    private static final int APART = 32;

    /** 1 for each CPU that is taken. */
    private static final AtomicIntegerArray TAKEN = new AtomicIntegerArray(COUNT * APART);

    /** How many threads wait for a CPU. */
    private static final AtomicInteger WAITING = new AtomicInteger();

    /** Waiting parks: a virtual thread that spins would keep its carrier from whoever has a CPU. */
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static final Condition FREED = LOCK.newCondition();

    /**
     * One number for each thread: the CPU it has; or, negative, the complement of the one it had
     * last, which it tries first. It is never removed, and an array holds on to no class of ours.
     */
    private static final ThreadLocal<int[]> MINE = ThreadLocal.withInitial(() -> new int[] {~0});

    private Cpu() {}

    /**
     * Takes a CPU for this thread, unless it has one; waits while all are taken.
     *
     * @return whether it took one, which must then be given back by {@link #leave}
     */
    public static boolean enter() {
        var mine = MINE.get();
        int last = ~mine[0];
        if (last < 0) return false;
        mine[0] = tryTake(last) ? last : takeOther(last);
        return true;
    }

    /** Takes a CPU for a callback, unless this thread has one: at most half of all at a time. */
    public static boolean enterCallback() {
        if (MINE.get()[0] >= 0) return false;
        CALLBACKS.acquireUninterruptibly();
        return enter();
    }

    /** Gives the CPU of a callback back. */
    public static void leaveCallback() {
        leave();
        CALLBACKS.release();
    }

    /**
     * Gives the thread's CPU back.
     *
     * @throws IndexOutOfBoundsException if it has none
     */
    public static void leave() {
        var mine = MINE.get();
        int cpu = mine[0];
        TAKEN.set(cpu * APART, 0);
        mine[0] = ~cpu;
        // Looked at after the CPU is free, as those who wait look for a CPU after they are counted:
        // either they find it, or they are found here.
        if (WAITING.get() != 0) wakeOne();
    }

    /** The CPU of the run on this thread; 0 outside of a run. */
    public static int current() {
        return Math.max(0, MINE.get()[0]);
    }

    private static boolean tryTake(int cpu) {
        return TAKEN.get(cpu * APART) == 0 && TAKEN.compareAndSet(cpu * APART, 0, 1);
    }

    private static int takeOther(int last) {
        int cpu = tryTakeAny(last);
        return cpu >= 0 ? cpu : await(last);
    }

    /** A CPU, those behind the last one first; -1 if all are taken. */
    private static int tryTakeAny(int last) {
        for (int i = 1; i <= COUNT; i++) {
            int cpu = (last + i) % COUNT;
            if (tryTake(cpu)) return cpu;
        }
        return -1;
    }

    private static int await(int last) {
        LOCK.lock();
        WAITING.incrementAndGet();
        try {
            while (true) {
                int cpu = tryTakeAny(last);
                if (cpu >= 0) return cpu;
                FREED.awaitUninterruptibly();
            }
        } finally {
            WAITING.decrementAndGet();
            LOCK.unlock();
        }
    }

    private static void wakeOne() {
        LOCK.lock();
        try {
            FREED.signal();
        } finally {
            LOCK.unlock();
        }
    }
}
