package io.jsockmap.bpf.map;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Keys and values of tests. */
final class Bytes {
    private Bytes() {}

    /** A number of 4 bytes, as a program has it. */
    static byte[] u32(int number) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
    }

    /** A number of 8 bytes, as a program has it. */
    static byte[] u64(long number) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    }

    /** The number that 8 bytes hold. */
    static long number(byte[] u64) {
        return ByteBuffer.wrap(u64).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
