package io.jsockmap.bpf.verifier;

/**
 * How a program is verified.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="refused"}
 *
 * @param log how much is written down: 0 nothing, 1 the path that is refused and a summary, 2 all
 *     instructions of all paths
 * @param mayLeakPointers whether programs may make numbers of pointers, and read what was never
 *     written to their stacks, as Linux allows privileged ones; addresses tell nothing here
 */
public record Options(int log, boolean mayLeakPointers) {
    /** As Linux loads programs of privileged users, without a log. */
    public static final Options DEFAULT = new Options(0, true);

    /** The same with another log. */
    public Options withLog(int level) {
        return new Options(level, mayLeakPointers);
    }

    /** The same that refuses to make numbers of pointers. */
    public Options keepingPointers() {
        return new Options(log, false);
    }
}
