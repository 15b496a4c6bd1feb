package io.jsockmap.sockmap.socket;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    /** A task that was before all others, so that it does not stand in line; or null. */
    private Runnable first;

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

    /**
     * Runs a task in its turn: before this returns, or as soon as the calling thread is done with
     * its own task, unless another thread is at work here.
     *
     * @return whether the calling thread runs it
     */
    boolean execute(Runnable task) {
        var round = ROUND.get();
        if (count.compareAndSet(0, 1)) {
            first = task;
        } else {
            tasks.add(task);
            if (count.getAndIncrement() > 0) return false;
        }
        if (round.begun) round.next.add(this);
        else begin(round);
        return true;
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
        return tryBegin() ? callNow(task) : callInTurn(task);
    }

    /**
     * Begins a task at once, to be ended by {@link #end}; not if somebody is at work here, or the
     * calling thread elsewhere.
     */
    boolean tryBegin() {
        var round = ROUND.get();
        if (round.begun || !count.compareAndSet(0, 1)) return false;
        round.begun = true;
        return true;
    }

    /** Ends what {@link #tryBegin} began, and runs what was asked for meanwhile. */
    void end() {
        finish(ROUND.get(), 1);
    }

    /** Nobody is at work here, and so nobody needs to hand the result over. */
    private <T> T callNow(Supplier<T> task) {
        try {
            return task.get();
        } catch (Throwable e) {
            tell(e);
            throw new CompletionException(e);
        } finally {
            end();
        }
    }

    private <T> T callInTurn(Supplier<T> task) {
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

    private void begin(Round round) {
        round.begun = true;
        finish(round, 0);
    }

    /**
     * Runs what else was asked for, here and then elsewhere.
     *
     * @param run how many tasks have been run here
     */
    private void finish(Round round, int run) {
        try {
            drain(run);
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

    /** Tells of a failure. */
    void tell(Throwable failure) {
        try {
            onFailure.accept(failure);
        } catch (RuntimeException | Error _) {
            // Whoever listens must not keep the other tasks from running.
        }
    }

    /** Runs all that was asked for. */
    private void drain(int before) {
        for (int run = before; ; run++) {
            if (run == count.get()) {
                if (count.addAndGet(-run) == 0) return;
                run = 0;
            }
            run(next());
        }
    }

    private Runnable next() {
        var before = first;
        if (before == null) return tasks.poll();
        first = null;
        return before;
    }
}
