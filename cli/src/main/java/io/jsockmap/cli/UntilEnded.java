package io.jsockmap.cli;

import java.util.concurrent.CountDownLatch;

/** How something serves until the process is told to end: the process then waits for its end. */
final class UntilEnded implements AutoCloseable {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean serving;

    /**
     * @param early is run where the process is told before anything serves: what loads can't be
     *     told to stop, and need not be waited for
     */
    UntilEnded(Runnable early) {
        hook = new Thread(() -> end(early));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end(Runnable early) {
        told.countDown();
        if (!serving) {
            early.run();
            return;
        }
        try {
            ended.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Serves until the process is told to end. */
    void await() throws InterruptedException {
        serving = true;
        told.await();
    }

    /** Whatever went wrong, the end of the process waits for nothing more. */
    @Override
    public void close() {
        ended.countDown();
        try {
            var _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The process ends already, and the hook runs.
        }
    }
}
