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
        if (asked.getAndIncrement() > 0) return;
        int done = 1;
        while (done > 0) {
            work.run();
            done = asked.addAndGet(-done);
        }
    }
}
