package io.jsockmap.testkit.trace;

/**
 * How much of a run is printed.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="trace"}
 *
 * @param lines whether the executed lines are, or else only the message, what was printed and the
 *     verdict
 * @param maxBytes how many bytes of a message
 */
public record TraceOptions(boolean lines, int maxBytes) {
    /** All lines, and 256 bytes of each message. */
    public static final TraceOptions DEFAULT = new TraceOptions(true, 256);

    public TraceOptions {
        if (maxBytes < 0) throw new IllegalArgumentException("bytes: " + maxBytes);
    }
}
