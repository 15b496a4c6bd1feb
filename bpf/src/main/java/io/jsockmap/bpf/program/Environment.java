package io.jsockmap.bpf.program;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What programs learn of the world: given from outside, so that a simulation owns time and chance.
 *
 * @param nanoTime nanoseconds since some moment, never going back ({@code bpf_ktime_get_ns})
 * @param random 32 random bits
 * @param trace takes what {@code bpf_trace_printk} prints, a line each
 */
public record Environment(LongSupplier nanoTime, IntSupplier random, Consumer<String> trace) {

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
        return new Environment(nanoTime, random, trace);
    }
}
