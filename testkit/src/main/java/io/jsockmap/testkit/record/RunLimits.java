package io.jsockmap.testkit.record;

/**
 * How much of a run is kept.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="trace"}
 *
 * @param steps as many steps, the first ones; calls and printed lines behind them are not kept
 * @param snapshots whether stacks, the message and maps are kept as they were at each step
 * @param elements as many elements of a map are looked at in snapshots
 * @param bytes data sections and messages longer than that are not in snapshots
 */
public record RunLimits(int steps, boolean snapshots, int elements, int bytes) {
    /** For traces: no snapshots. */
    public static final RunLimits TRACE = new RunLimits(1 << 16, false, 0, 0);

    /** For debuggers: all that they show. */
    public static final RunLimits DEBUG = new RunLimits(1 << 16, true, 256, 1 << 16);

    public RunLimits {
        if (steps < 1 || elements < 0 || bytes < 0) {
            throw new IllegalArgumentException(
                    "%d steps, %d elements, %d bytes".formatted(steps, elements, bytes));
        }
    }

    /** The same with that many steps. */
    public RunLimits withSteps(int count) {
        return new RunLimits(count, snapshots, elements, bytes);
    }
}
