package io.jsockmap.bpf.compiler;

import io.jsockmap.bpf.compiler.runtime.Execution;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * The executions of a program that are kept for its next runs, so that a run allocates nothing. A
 * platform thread finds its own without an atomic operation; a virtual one, a thread that shares
 * its place with another, and a run within a run take any that is free, or a new one.
 *
 * <p>An execution keeps what its last run was on until the next: of each program, as many messages
 * at most as there are places.
 */
final class Executions {
    private static final int PLACES =
            Integer.highestOneBit(4 * Runtime.getRuntime().availableProcessors());

    private final Supplier<Execution> maker;
    private final AtomicReferenceArray<Owned> owned = new AtomicReferenceArray<>(PLACES);
    private final AtomicReferenceArray<Execution> free = new AtomicReferenceArray<>(PLACES);

    Executions(Supplier<Execution> maker) {
        this.maker = maker;
    }

    /** An execution of one thread, which alone looks whether it is in use. */
    private static final class Owned {
        final Reference<Thread> owner;
        final Execution execution;
        boolean used;

        Owned(Thread owner, Execution execution) {
            this.owner = new WeakReference<>(owner);
            this.execution = execution;
        }
    }

    /** One that nobody else uses until it is given back. */
    Execution take() {
        var thread = Thread.currentThread();
        var mine = owned.getAcquire(placeOf(thread));
        if (mine == null || !mine.owner.refersTo(thread)) mine = own(thread);
        if (mine == null || mine.used) return takeFree(thread);
        mine.used = true;
        return mine.execution;
    }

    /** Takes the thread's place, if it is free or its owner is gone; else null. */
    private Owned own(Thread thread) {
        int place = placeOf(thread);
        var other = owned.getAcquire(place);
        if (thread.isVirtual() || other != null && isAlive(other)) return null;
        var mine = new Owned(thread, maker.get());
        return owned.compareAndSet(place, other, mine) ? mine : null;
    }

    private static boolean isAlive(Owned other) {
        var owner = other.owner.get();
        return owner != null && owner.isAlive();
    }

    private Execution takeFree(Thread thread) {
        var some = free.getAndSet(placeOf(thread), null);
        return some == null ? maker.get() : some;
    }

    /** Gives one back, on the thread that took it. */
    void giveBack(Execution execution) {
        var thread = Thread.currentThread();
        var mine = owned.getAcquire(placeOf(thread));
        if (mine != null && mine.owner.refersTo(thread) && mine.execution == execution) {
            mine.used = false;
        } else {
            free.setRelease(placeOf(thread), execution);
        }
    }

    private static int placeOf(Thread thread) {
        return (int) thread.threadId() & PLACES - 1;
    }
}
