package io.jsockmap.bpf.program;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What programs learn of the world: given from outside, so that a simulation owns time and chance.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="environment"}
 *
 * @param nanoTime nanoseconds since some moment, never going back ({@code bpf_ktime_get_ns})
 * @param random 32 random bits
 * @param trace takes what {@code bpf_trace_printk} prints, a line each, and the faults of timers
 * @param wallTime nanoseconds since 1970 ({@code bpf_ktime_get_tai_ns})
 * @param task on whose behalf a program runs
 * @param alarms what makes the timers of programs go off
 */
public record Environment(
        LongSupplier nanoTime,
        IntSupplier random,
        Consumer<String> trace,
        LongSupplier wallTime,
        Supplier<Task> task,
        Alarms alarms) {

    /** Time, chance and traces from outside; wall time, tasks and alarms are the machine's. */
    public Environment(LongSupplier nanoTime, IntSupplier random, Consumer<String> trace) {
        this(nanoTime, random, trace, Environment::now, Task::current, Alarms.system());
    }

    /**
     * The machine's clock and random numbers; traces go to the logger {@code io.jsockmap.trace}.
     */
    public static Environment system() {
        var logger = System.getLogger("io.jsockmap.trace");
        return new Environment(
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextInt(),
                line -> logger.log(System.Logger.Level.INFO, line));
    }

    /** The same with another destination of traces. */
    public Environment tracingTo(Consumer<String> trace) {
        return new Environment(nanoTime, random, trace, wallTime, task, alarms);
    }

    /** The same with another wall clock. */
    public Environment withWallTime(LongSupplier wallTime) {
        return new Environment(nanoTime, random, trace, wallTime, task, alarms);
    }

    /** The same on behalf of other tasks. */
    public Environment onBehalfOf(Supplier<Task> task) {
        return new Environment(nanoTime, random, trace, wallTime, task, alarms);
    }

    /** The same with something else that makes timers go off. */
    public Environment withAlarms(Alarms alarms) {
        return new Environment(nanoTime, random, trace, wallTime, task, alarms);
    }

    private static long now() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
    }
}
