package io.jsockmap.bpf.verifier.flow;

/** What is known of a number whatever the path: a bit for each. */
final class Sign {
    static final int NOTHING = 0;

    /** As a signed number it is not negative. */
    static final int NON_NEGATIVE = 1;

    /** The upper half is clear, so it is not negative either. */
    private static final int CLEAR = 2;

    static final int LOW = CLEAR | NON_NEGATIVE;

    static final int NON_ZERO = 4;

    private Sign() {}

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
