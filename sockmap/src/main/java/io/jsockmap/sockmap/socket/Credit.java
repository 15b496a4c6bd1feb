package io.jsockmap.sockmap.socket;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes a queue may hold. Whoever brings bytes takes credit first; whoever takes them away
 * gives it back. One message may pass the limit, so that a message larger than it can move at all.
 */
final class Credit {
    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final Queue<Runnable> waiters = new ConcurrentLinkedQueue<>();

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
            long now = used.get();
            if (now >= Math.max(limit, higher)) return false;
            if (used.compareAndSet(now, now + cost(bytes))) return true;
        }
    }

    /** {@link #tryAcquire(long, long)} by twice the limit. */
    boolean tryAcquireTwice(long bytes, long higher) {
        return tryAcquire(bytes, 2 * Math.max(limit, higher));
    }

    /** Takes credit whether there is any or not, for bytes that are here already. */
    void acquire(long bytes) {
        used.addAndGet(cost(bytes));
    }

    /** A datagram without bytes takes room too. */
    static long cost(long bytes) {
        return Math.max(1, bytes);
    }

    void release(long bytes) {
        if (bytes > 0 && used.addAndGet(-bytes) <= limit / 2) wakeAll();
    }

    /** Bytes that may still come. */
    long left() {
        return Math.max(0, limit - used.get());
    }

    long used() {
        return used.get();
    }

    /** Calls back once when the queue is at most half full, or when nothing will come of it. */
    void await(Runnable waiter) {
        waiters.add(waiter);
        if (used.get() <= limit / 2) wakeAll();
    }

    void wakeAll() {
        // All are taken before the first runs: it may find nothing for it and wait again.
        List<Runnable> woken = new ArrayList<>();
        for (var waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            woken.add(waiter);
        }
        woken.forEach(Runnable::run);
    }
}
