package io.jsockmap.proxy.epoll;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The pipes of a loop. They are taken on its thread, and come back on any. */
final class Pipes {
    /** Bytes that a pipe is to hold. */
    static final int SIZE = 1 << 20;

    /** As many of all loops together take 512 descriptors. */
    private static final int MOST = 256;

    private static final int SPARE = 16;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Libc libc;
    private final Queue<Pipe> spare = new ConcurrentLinkedQueue<>();
    private final AtomicInteger spares = new AtomicInteger();
    private volatile boolean closed;

    Pipes(Libc libc) {
        this.libc = libc;
    }

    /** An empty pipe, or null if there is none to be had. */
    Pipe take() {
        var pipe = spare.poll();
        if (pipe != null) {
            spares.decrementAndGet();
            return pipe;
        }
        if (COUNT.get() >= MOST) return null;
        var ends = libc.pipe(SIZE);
        if (ends == null) return null;
        COUNT.incrementAndGet();
        return new Pipe(this, ends);
    }

    /** A pipe is empty again. */
    void giveBack(Pipe pipe) {
        if (closed || spares.incrementAndGet() > SPARE) {
            spares.decrementAndGet();
            pipe.close();
            return;
        }
        spare.add(pipe);
        if (closed) closeSpare();
    }

    /** A pipe is no more. */
    void gone() {
        COUNT.decrementAndGet();
    }

    /** Closes those that are empty; the others follow when they are. */
    void close() {
        closed = true;
        closeSpare();
    }

    private void closeSpare() {
        for (var pipe = spare.poll(); pipe != null; pipe = spare.poll()) pipe.close();
    }
}
