package io.jsockmap.testkit.pcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Some bytes of an array. Who reads a number looks first whether it is there.
 *
 * @param buffer between its position and its limit; it is not changed
 */
record View(ByteBuffer buffer) {
    private static final int BYTE = 0xff;
    private static final int SHORT = 0xffff;

    /** Of all of an array, in the order of the network. */
    static View of(byte[] array) {
        return new View(ByteBuffer.wrap(array));
    }

    /** The same bytes, whose numbers have another order. */
    View in(ByteOrder order) {
        return new View(buffer.duplicate().order(order));
    }

    int length() {
        return buffer.remaining();
    }

    boolean has(int count) {
        return length() >= count;
    }

    int u8(int at) {
        return buffer.get(buffer.position() + at) & BYTE;
    }

    int u16(int at) {
        return buffer.getShort(buffer.position() + at) & SHORT;
    }

    int i32(int at) {
        return buffer.getInt(buffer.position() + at);
    }

    long u32(int at) {
        return Integer.toUnsignedLong(i32(at));
    }

    long i64(int at) {
        return buffer.getLong(buffer.position() + at);
    }

    /** All but the first bytes. */
    View from(int count) {
        return new View(
                buffer.duplicate().position(buffer.position() + count).order(buffer.order()));
    }

    /** The first bytes, or all if there are fewer. */
    View first(int count) {
        int limit = buffer.position() + Math.min(count, length());
        return new View(buffer.duplicate().limit(limit).order(buffer.order()));
    }

    /** The bytes in an array of their own. */
    byte[] copy() {
        int from = buffer.arrayOffset() + buffer.position();
        return Arrays.copyOfRange(buffer.array(), from, from + length());
    }
}
