package io.jsockmap.bpf.verifier.flow;

/**
 * What is known of a number whatever the path: a bit for each. Those of all registers are in one
 * long.
 */
final class Sign {
    static final int NOTHING = 0;

    /** As a signed number it is not negative. */
    static final int NON_NEGATIVE = 1;

    /** The upper half is clear, so it is not negative either. */
    private static final int CLEAR = 2;

    static final int LOW = CLEAR | NON_NEGATIVE;

    static final int NON_ZERO = 4;

    /** Pointers are not negative, and no pointer to a frame is null. */
    static final int FRAME_POINTER = NON_NEGATIVE | NON_ZERO;

    private static final int BITS = 3;
    private static final long MASK = (1 << BITS) - 1;

    private Sign() {}

    /** What is known of a register. */
    static int of(long signs, int register) {
        return (int) (signs >> register * BITS & MASK);
    }

    /** The same with something else known of a register. */
    static long with(long signs, int register, int sign) {
        return signs & ~(MASK << register * BITS) | (long) sign << register * BITS;
    }

    static int of(long constant) {
        int sign = constant < 0 ? NOTHING : NON_NEGATIVE;
        if (constant >>> Integer.SIZE == 0) sign |= LOW;
        return constant == 0 ? sign : sign | NON_ZERO;
    }

    static boolean isNonNegative(int sign) {
        return (sign & NON_NEGATIVE) != 0;
    }

    static boolean isLow(int sign) {
        return (sign & LOW) == LOW;
    }

    static boolean isNonZero(int sign) {
        return (sign & NON_ZERO) != 0;
    }
}
