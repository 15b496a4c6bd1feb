package io.jsockmap.corpus.fuzz;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Pointers to frames of the stack. Compiled code enters only frames that are needed in memory, so
 * the frame of a function may have the number that the interpreter gives to its caller's: here all
 * have that of the first. What is compared is where in a frame they point to.
 */
final class StackPointers {
    private static final long FIRST = 3;
    private static final long LAST = 10;

    private static final long BIAS = 1L << 31;
    private static final long NEAR = 1 << 16;

    private StackPointers() {}

    static long alike(long value) {
        long number = value >>> 32;
        if (number <= FIRST || number > LAST) return value;
        long offset = (value & 0xffff_ffffL) - BIAS;
        return Math.abs(offset) < NEAR ? FIRST << 32 | value & 0xffff_ffffL : value;
    }

    static List<Long> alike(long[] values) {
        return LongStream.of(values).map(StackPointers::alike).boxed().toList();
    }

    /** The same in some bytes, wherever they begin; the array is changed. */
    static byte[] alike(byte[] bytes) {
        for (int i = 0; i + Long.BYTES <= bytes.length; i++) {
            boolean upper = bytes[i + 7] == 0 && bytes[i + 6] == 0 && bytes[i + 5] == 0;
            if (!upper || bytes[i + 4] <= FIRST || bytes[i + 4] > LAST) continue;
            if (bytes[i + 3] == (byte) 0x80 && bytes[i + 2] == 0) bytes[i + 4] = (byte) FIRST;
        }
        return bytes;
    }
}
