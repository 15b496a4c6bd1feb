package io.jsockmap.bpf.program;

import java.util.BitSet;

/**
 * What is done to the frames of a function. Immutable.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="proved"}
 */
public final class StackUse {
    /** That of a function whose frame nobody touches. */
    public static final StackUse NONE = new StackUse(new BitSet(), 0, false);

    private final BitSet indirect;
    private final int lowest;
    private final boolean escapes;

    /**
     * @param indirect the bytes that are not direct, counted from the lowest
     * @param lowest the lowest offset that is accessed, or 0
     * @param escapes whether the frame pointer is used otherwise than as a base
     */
    public StackUse(BitSet indirect, int lowest, boolean escapes) {
        this.indirect = (BitSet) indirect.clone();
        this.lowest = lowest;
        this.escapes = escapes;
    }

    /**
     * Whether a byte is accessed by instructions only whose target is {@link Target.Stack}: no
     * helper gets at it, no other function, and no instruction at a place that may vary.
     *
     * @param offset from the frame pointer, -512 to -1
     */
    public boolean isDirect(int offset) {
        if (offset < -MachineLimits.STACK || offset >= 0)
            throw new IndexOutOfBoundsException(offset);
        return !indirect.get(MachineLimits.STACK + offset);
    }

    /**
     * Whether the frame pointer is used otherwise than as the base register of loads, stores and
     * atomic operations: copied, stored, compared, passed on.
     */
    public boolean escapes() {
        return escapes;
    }

    /** The lowest offset from the frame pointer that is accessed in any way, or 0. */
    public int lowest() {
        return lowest;
    }
}
