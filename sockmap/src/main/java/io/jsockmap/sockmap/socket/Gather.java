package io.jsockmap.sockmap.socket;

import java.nio.ByteBuffer;

/** Bytes that somebody offers in one buffer or several; one call of send, so one message. */
final class Gather {
    private final ByteBuffer[] buffers;
    private final int end;
    private int next;
    private long remaining;

    Gather(ByteBuffer[] buffers, int offset, int length) {
        this.buffers = buffers;
        next = offset;
        end = offset + length;
        for (int i = offset; i < end; i++) remaining += buffers[i].remaining();
    }

    static Gather of(ByteBuffer... buffers) {
        return new Gather(buffers, 0, buffers.length);
    }

    long remaining() {
        return remaining;
    }

    /** {@link #remaining}, or another number if that is less. */
    int atMost(int count) {
        return (int) Math.min(remaining, count);
    }

    /** Copies the next bytes, which must be there. */
    void get(byte[] target, int offset, int count) {
        remaining -= count;
        for (int done = 0; done < count; ) {
            var buffer = buffers[next];
            int some = Math.min(buffer.remaining(), count - done);
            buffer.get(target, offset + done, some);
            done += some;
            if (!buffer.hasRemaining()) next++;
        }
    }

    /** A copy of the next bytes, which must be there. */
    Chunk take(int count) {
        var bytes = new byte[count];
        get(bytes, 0, count);
        return Chunk.of(bytes);
    }
}
