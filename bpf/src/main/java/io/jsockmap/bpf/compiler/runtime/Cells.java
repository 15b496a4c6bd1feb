package io.jsockmap.bpf.compiler.runtime;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How numbers lie in memory. */
public final class Cells {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** By these an array of bytes has numbers, at any place. */
    static final VarHandle SHORTS = view(short[].class);

    static final VarHandle INTS = view(int[].class);
    static final VarHandle LONGS = view(long[].class);

    private Cells() {}

    private static VarHandle view(Class<?> numbers) {
        return MethodHandles.byteArrayViewVarHandle(numbers, ByteOrder.LITTLE_ENDIAN);
    }

    /** Where in its region a pointer points to: its lower half has that, plus 2^31. */
    static long offset(long pointer) {
        return (pointer & 0xffff_ffffL) - (1L << 31);
    }
}
