package io.jsockmap.proxy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What is open, and who waits until nothing is. */
final class OpenSet<T> {
    private final Set<T> open = ConcurrentHashMap.newKeySet();

    void add(T one) {
        open.add(one);
    }

    void remove(T one) {
        open.remove(one);
        if (!open.isEmpty()) return;
        synchronized (this) {
            notifyAll();
        }
    }

    Stream<T> stream() {
        return open.stream();
    }

    /** What is added or removed meanwhile may be met or not. */
    void forEach(Consumer<T> action) {
        open.forEach(action);
    }

    /** Waits until nothing is open, or that long; gives how many are. */
    synchronized int awaitNone(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (!open.isEmpty()) {
            long left = end - System.nanoTime();
            if (left <= 0) break;
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return open.size();
    }
}
