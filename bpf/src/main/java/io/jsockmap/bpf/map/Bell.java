package io.jsockmap.bpf.map;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Wakes those who wait for something to read. Ringing costs next to nothing if nobody waits. */
final class Bell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();

    /** What a source gives, as soon as it gives something; asks again whenever the bell rings. */
    <T> T await(Supplier<Optional<T>> source) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            // Said before the source is asked: what comes after the question rings.
            waiting.incrementAndGet();
            var found = source.get();
            while (found.isEmpty()) {
                rung.await();
                found = source.get();
            }
            return found.get();
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    void ring() {
        if (waiting.get() == 0) return;
        lock.lock();
        try {
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
