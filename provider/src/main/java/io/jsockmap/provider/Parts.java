package io.jsockmap.provider;

import java.nio.ByteBuffer;

/**
 * Some buffers of an array, one behind the other, as calls of channels have them.
 *
 * @param offset the first of them
 * @param length how many
 */
record Parts(ByteBuffer[] buffers, int offset, int length) {

    /** Bytes from their positions to their limits. */
    long remaining() {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) sum += buffers[i].remaining();
        return sum;
    }

    /** The same bytes, with positions of their own. */
    ByteBuffer[] views() {
        var views = new ByteBuffer[length];
        for (int i = 0; i < length; i++) views[i] = buffers[offset + i].duplicate();
        return views;
    }

    /** Moves the positions behind the first bytes. */
    void consume(long count) {
        long left = count;
        for (int i = offset; left > 0; i++) {
            int part = (int) Math.min(left, buffers[i].remaining());
            buffers[i].position(buffers[i].position() + part);
            left -= part;
        }
    }
}
