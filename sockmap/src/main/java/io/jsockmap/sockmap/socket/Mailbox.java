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
    private static final ThreadLocal<Round> ROUND = ThreadLocal.withInitial(Round::new);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Consumer<Throwable> onFailure;

    /**
     * @param onFailure told of a task that throws; the tasks behind it run all the same
     */
    Mailbox(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    /** What a thread is at, and the mailboxes where it goes when it is done there. */
    private static final class Round {
        private final Queue<Mailbox> next = new ArrayDeque<>(4);
        private boolean begun;
    }

    /** Runs a task in its turn: before this returns, unless another thread is at work here. */
    void execute(Runnable task) {
        var round = ROUND.get();
        if (!round.begun && count.compareAndSet(0, 1)) {
            // Nobody is before it, so it need not stand in line.
            begin(round, task);
            return;
        }
        tasks.add(task);
        if (count.getAndIncrement() > 0) return;
        if (round.begun) round.next.add(this);
        else begin(round, null);
    }

    /**
     * Runs a task in its turn and gives its result.
     *
     * @throws IllegalStateException if called from a task: it would wait for itself
     */
    <T> T call(Supplier<T> task) {
        if (ROUND.get().begun) {
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

    /**
     * @param first a task that does not stand in line, or null
     */
    private void begin(Round round, Runnable first) {
        round.begun = true;
        try {
            if (first != null) run(first);
            drain(first == null ? 0 : 1);
            for (var next = round.next.poll(); next != null; next = round.next.poll()) {
                next.drain(0);
            }
        } finally {
            round.begun = false;
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            tell(e);
        }
    }

    private void tell(Throwable failure) {
        try {
            onFailure.accept(failure);
        } catch (RuntimeException | Error _) {
            // Whoever listens must not keep the other tasks from running.
        }
    }

    /**
     * Runs all that stands in line.
     *
     * @param done how many of those that were counted have run
     */
    private void drain(int done) {
        int run = done;
        while (true) {
            if (run > 0 && run == count.get()) {
                int left = count.addAndGet(-run);
                if (left == 0) return;
                run = 0;
            }
            run(tasks.poll());
            run++;
        }
    }
}
