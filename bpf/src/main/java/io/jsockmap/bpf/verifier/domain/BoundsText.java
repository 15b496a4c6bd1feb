package io.jsockmap.bpf.verifier.domain;

/** Bounds as the kernel's log writes them: ends that say something, equal ones joined. */
final class BoundsText {

    private static final String[] NAMES = {
        "smin", "smax", "umin", "umax", "smin32", "smax32", "umin32", "umax32"
    };

    private BoundsText() {}

    static String of(Bounds bounds) {
        if (bounds.isConstant()) {
            return signed(bounds.constant());
        }
        StringBuilder text = new StringBuilder();
        ranges(text, bounds);
        if (!bounds.bits().isUnknown()) {
            separate(text).append("var_off=").append(bounds.bits());
        }
        return text.toString();
    }

    private static void ranges(StringBuilder text, Bounds bounds) {
        long[] ends = {
            bounds.smin(),
            bounds.smax(),
            bounds.umin(),
            bounds.umax(),
            low(bounds.s32min()),
            low(bounds.s32max()),
            Integer.toUnsignedLong(bounds.u32min()),
            Integer.toUnsignedLong(bounds.u32max())
        };
        boolean[] left = {
            bounds.smin() != Long.MIN_VALUE,
            bounds.smax() != Long.MAX_VALUE,
            bounds.umin() != 0,
            bounds.umax() != -1,
            bounds.s32min() != Integer.MIN_VALUE,
            bounds.s32max() != Integer.MAX_VALUE,
            bounds.u32min() != 0,
            bounds.u32max() != -1
        };
        for (int end = 0; end < ends.length; end++) {
            if (left[end]) {
                separate(text);
                join(text, ends, left, end);
                text.append(isSigned(end) ? signed(ends[end]) : unsigned(ends[end]));
            }
        }
    }

    /** Minima are joined with minima only, and a negative number never with an unsigned one. */
    private static void join(StringBuilder text, long[] ends, boolean[] left, int first) {
        for (int end = first; end < ends.length; end += 2) {
            if (left[end]
                    && ends[end] == ends[first]
                    && isNegative(ends, end) == isNegative(ends, first)) {
                left[end] = false;
                text.append(NAMES[end]).append('=');
            }
        }
    }

    private static boolean isSigned(int end) {
        return (end & 2) == 0;
    }

    private static boolean isNegative(long[] ends, int end) {
        return isSigned(end) && ends[end] < 0;
    }

    /** In hexadecimal, a negative low half has eight digits. */
    private static long low(int number) {
        return isShort(number) ? number : Integer.toUnsignedLong(number);
    }

    private static StringBuilder separate(StringBuilder text) {
        return text.isEmpty() ? text : text.append(',');
    }

    private static boolean isShort(long number) {
        return number == (short) number;
    }

    private static String signed(long number) {
        return isShort(number) ? Long.toString(number) : "0x" + Long.toHexString(number);
    }

    private static String unsigned(long number) {
        return number >>> 16 == 0 ? Long.toString(number) : "0x" + Long.toHexString(number);
    }
}
