package io.jsockmap.bpf.program;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What makes the timers of programs go off: given from outside, so that a simulation decides when.
 * Thread-safe.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="environment"}
 */
@FunctionalInterface
public interface Alarms {

    /**
     * Has a task run once, later, on any thread; the task throws nothing.
     *
     * @param nanos from now, as {@link Environment#nanoTime} counts; not negative
     */
    Alarm after(long nanos, Runnable task);

    /** A task that is to run. */
    @FunctionalInterface
    interface Alarm {
        /** Takes the task back; without effect if it ran already, or is running. */
        void cancel();
    }

    /** The machine's clock: one daemon thread waits, each task runs on a virtual thread. */
    static Alarms system() {
        return SystemClock.ALARMS;
    }

    /** Made when the first timer is started: most processes have none. */
    final class SystemClock {
        private static final ScheduledThreadPoolExecutor CLOCK =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("jsockmap-timers").daemon().factory());

        static {
            CLOCK.setRemoveOnCancelPolicy(true);
        }

        private static final Alarms ALARMS =
                (nanos, task) -> {
                    var future =
                            CLOCK.schedule(
                                    () -> Thread.ofVirtual().name("bpf-timer").start(task),
                                    nanos,
                                    TimeUnit.NANOSECONDS);
                    return () -> future.cancel(false);
                };

        private SystemClock() {}
    }
}
