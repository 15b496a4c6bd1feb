package io.jsockmap.sockmap.socket;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * How many bytes a queue may hold. Whoever brings bytes takes credit first; whoever takes them away
 * gives it back. One message may pass the limit, so that a message larger than it can move at all.
 */
final class Credit {
    private final long limit;

    // Sockets have three of these, and most never wait: what an object can spare counts.
    private static final AtomicLongFieldUpdater<Credit> USED =
            AtomicLongFieldUpdater.newUpdater(Credit.class, "used");
    private volatile long used;
    private volatile Queue<Runnable> waiters;

    Credit(long limit) {
        this.limit = limit;
    }

    /** Takes credit for some bytes, if there is any left. */
    boolean tryAcquire(long bytes) {
        return tryAcquire(bytes, limit);
    }

    /** {@link #tryAcquire(long)} by another limit, if that is higher. */
    boolean tryAcquire(long bytes, long higher) {
        while (true) {
            long now = used;
            if (now >= Math.max(limit, higher)) return false;
            if (USED.compareAndSet(this, now, now + cost(bytes))) return true;
        }
    }

    /** {@link #tryAcquire(long, long)} by twice the limit. */
    boolean tryAcquireTwice(long bytes, long higher) {
        return tryAcquire(bytes, 2 * Math.max(limit, higher));
    }

    /** Takes credit whether there is any or not, for bytes that are here already. */
    void acquire(long bytes) {
        USED.addAndGet(this, cost(bytes));
    }

    /** A datagram without bytes takes room too. */
    static long cost(long bytes) {
        return Math.max(1, bytes);
    }

    void release(long bytes) {
        if (bytes > 0 && USED.addAndGet(this, -bytes) <= limit / 2) wakeAll();
    }

    /** Bytes that may still come. */
    long left() {
        return Math.max(0, limit - used);
    }

    long used() {
        return used;
    }

    /** Calls back once when the queue is at most half full, or when nothing will come of it. */
    void await(Runnable waiter) {
        waiters().add(waiter);
        if (used <= limit / 2) wakeAll();
    }

    private Queue<Runnable> waiters() {
        if (waiters == null) {
            synchronized (this) {
                if (waiters == null) waiters = new ConcurrentLinkedQueue<>();
            }
        }
        return waiters;
    }

    void wakeAll() {
        var waiting = waiters;
        if (waiting == null || waiting.isEmpty()) return;
        // All are taken before the first runs: it may find nothing for it and wait again.
        List<Runnable> woken = new ArrayList<>();
        for (var waiter = waiting.poll(); waiter != null; waiter = waiting.poll()) {
            woken.add(waiter);
        }
        woken.forEach(Runnable::run);
    }
}
