package io.jsockmap.bpf.examples;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Keys and values of the examples: numbers as programs have them. */
final class Numbers {
    private Numbers() {}

    /** A number of 4 bytes. */
    static byte[] u32(int number) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
    }

    /** A number of 8 bytes. */
    static byte[] u64(long number) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    }
}
