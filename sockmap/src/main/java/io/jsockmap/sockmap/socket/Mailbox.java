package io.jsockmap.sockmap.socket;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All that happens to a socket happens here, one task after the other, in the order in which it was
 * asked for, on the threads of those who ask. Tasks never wait.
 *
 * <p>No lock is held while a task runs. A task that causes something at another socket only asks
 * for it: the thread does it when it is done here, so that calls do not nest and two sockets that
 * redirect to each other can't block each other.
 */
final class Mailbox {
    private static final ThreadLocal<Queue<Mailbox>> DRAINING = new ThreadLocal<>();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Consumer<Throwable> onFailure;

    /**
     * @param onFailure told of a task that throws; the tasks behind it run all the same
     */
    Mailbox(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    /** Runs a task in its turn: before this returns, unless another thread is at work here. */
    void execute(Runnable task) {
        tasks.add(task);
        if (count.getAndIncrement() > 0) return;
        var queue = DRAINING.get();
        if (queue != null) {
            queue.add(this);
            return;
        }
        drainAll();
    }

    /**
     * Runs a task in its turn and gives its result.
     *
     * @throws IllegalStateException if called from a task: it would wait for itself
     */
    <T> T call(Supplier<T> task) {
        if (DRAINING.get() != null) {
            throw new IllegalStateException("a socket was asked and waited for from within a task");
        }
        var result = new CompletableFuture<T>();
        execute(
                () -> {
                    try {
                        result.complete(task.get());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                        throw e;
                    }
                });
        return result.join();
    }

    private void drainAll() {
        var queue = new ArrayDeque<Mailbox>();
        DRAINING.set(queue);
        try {
            for (var next = this; next != null; next = queue.poll()) next.drain();
        } finally {
            DRAINING.remove();
        }
    }

    private void tell(Throwable failure) {
        try {
            onFailure.accept(failure);
        } catch (RuntimeException | Error _) {
            // Whoever listens must not keep the other tasks from running.
        }
    }

    private void drain() {
        int done = 0;
        while (true) {
            var task = tasks.poll();
            try {
                task.run();
            } catch (Throwable e) {
                tell(e);
            }
            done++;
            if (done == count.get()) {
                int left = count.addAndGet(-done);
                if (left == 0) return;
                done = 0;
            }
        }
    }
}
