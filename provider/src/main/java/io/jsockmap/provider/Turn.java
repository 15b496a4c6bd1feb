package io.jsockmap.provider;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work that one thread does at a time. Whoever comes while another is at it has that one do it once
 * more, and does not wait.
 */
final class Turn {
    private final AtomicInteger asked = new AtomicInteger();
    private final Runnable work;

    /**
     * @param work must not throw
     */
    Turn(Runnable work) {
        this.work = work;
    }

    void take() {
        if (asked.getAndIncrement() == 0) run(work);
    }

    /** Does other work in its place, if nobody is at it; else as {@link #take}, and false. */
    boolean take(Runnable other) {
        if (asked.getAndIncrement() > 0) return false;
        run(other);
        return true;
    }

    private void run(Runnable first) {
        first.run();
        for (int more = asked.decrementAndGet(); more > 0; more = asked.addAndGet(-more)) {
            work.run();
        }
    }
}
