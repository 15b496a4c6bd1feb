package io.jsockmap.conformance.lab;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls that may hang. Nothing is decided by the time they take. */
public final class Waiting {
    private static final int HANG_SECONDS = Integer.getInteger("jsockmap.hang", 20);

    private Waiting() {}

    /** Does something on another thread. */
    public static <T> CompletableFuture<T> start(Callable<T> task) {
        var result = new CompletableFuture<T>();
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            try {
                                result.complete(task.call());
                            } catch (Exception | AssertionError e) {
                                result.completeExceptionally(e);
                            }
                        });
        return result;
    }

    /**
     * What it gave.
     *
     * @throws AssertionError if it hangs
     * @throws IOException what it threw
     */
    public static <T> T result(CompletableFuture<T> started) throws IOException {
        try {
            return started.get(HANG_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("it hangs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** {@link #start} and {@link #result}. */
    public static <T> T within(Callable<T> task) throws IOException {
        return result(start(task));
    }

    /** Waits until something is so. */
    public static void until(Callable<Boolean> condition) throws IOException {
        within(
                () -> {
                    while (!condition.call()) Thread.sleep(1);
                    return true;
                });
    }
}
