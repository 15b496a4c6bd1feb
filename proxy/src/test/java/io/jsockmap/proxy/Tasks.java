package io.jsockmap.proxy;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the test does at once, each on a virtual thread. */
final class Tasks implements AutoCloseable {
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    <T> Future<T> start(Callable<T> task) {
        return executor.submit(task);
    }

    /** The result; a task that failed fails the test. */
    static <T> T result(Future<T> task)
            throws InterruptedException, ExecutionException, TimeoutException {
        return task.get(Loopback.HANG_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
