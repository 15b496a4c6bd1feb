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

    /** Read without order: what a thread looks for is what it has written itself. */
    private final Kept[] owned = new Kept[PLACES];

    private final AtomicReferenceArray<Kept> free = new AtomicReferenceArray<>(PLACES);

    Executions(Supplier<Execution> maker) {
        this.maker = maker;
    }

    /** An execution, and whose it is. */
    static final class Kept {
        /** No thread has this number, and none has one that another had. */
        private static final long NOBODY = 0;

        final Execution execution;
        private final long owner;
        private final Reference<Thread> thread;

        /** The owner alone looks at it. */
        private boolean used;

        private Kept(Execution execution, long owner, Thread thread) {
            this.execution = execution;
            this.owner = owner;
            this.thread = new WeakReference<>(thread);
        }

        private boolean ownerIsAlive() {
            var owner = thread.get();
            return owner != null && owner.isAlive();
        }
    }

    /** One that nobody else uses until it is given back. */
    Kept take() {
        var thread = Thread.currentThread();
        var mine = owned[placeOf(thread)];
        if (mine == null || mine.owner != thread.threadId() || mine.used) return takeOther(thread);
        mine.used = true;
        return mine;
    }

    private Kept takeOther(Thread thread) {
        var mine = own(thread);
        if (mine != null) return mine;
        var some = free.getAndSet(placeOf(thread), null);
        return some == null ? new Kept(maker.get(), Kept.NOBODY, null) : some;
    }

    /** Takes the thread's place, if it is free or its owner is gone; else null. */
    private synchronized Kept own(Thread thread) {
        int place = placeOf(thread);
        var other = owned[place];
        if (thread.isVirtual() || other != null && other.ownerIsAlive()) return null;
        var mine = new Kept(maker.get(), thread.threadId(), thread);
        mine.used = true;
        owned[place] = mine;
        return mine;
    }

    /** Gives one back, on the thread that took it. */
    void giveBack(Kept some) {
        if (some.owner != Kept.NOBODY) some.used = false;
        else free.setRelease(placeOf(Thread.currentThread()), some);
    }

    private static int placeOf(Thread thread) {
        return (int) thread.threadId() & PLACES - 1;
    }
}
