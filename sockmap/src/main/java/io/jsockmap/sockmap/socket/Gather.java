package io.jsockmap.sockmap.socket;

import java.nio.ByteBuffer;

/** Bytes that somebody offers in one buffer or several; one call of send, so one message. */
final class Gather {
    private final ByteBuffer[] buffers;
    private final int end;

    /** Whether the bytes are the taker's from now on, so that nobody has to copy them. */
    private final boolean given;

    private int next;
    private long remaining;

    Gather(ByteBuffer[] buffers, int offset, int length) {
        this(buffers, offset, length, false);
    }

    private Gather(ByteBuffer[] buffers, int offset, int length, boolean given) {
        this.buffers = buffers;
        this.given = given;
        next = offset;
        end = offset + length;
        for (int i = offset; i < end; i++) remaining += buffers[i].remaining();
    }

    static Gather of(ByteBuffer... buffers) {
        return new Gather(buffers, 0, buffers.length);
    }

    /** Bytes that are given away. */
    static Gather of(Chunk given) {
        return new Gather(new ByteBuffer[] {given.buffer()}, 0, 1, true);
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

    /** The next bytes, which must be there: a copy, unless they were given away. */
    Chunk take(int count) {
        if (given) return share(count);
        var bytes = new byte[count];
        get(bytes, 0, count);
        return Chunk.of(bytes);
    }

    private Chunk share(int count) {
        var buffer = buffers[next];
        int at = buffer.position();
        buffer.position(at + count);
        remaining -= count;
        return new Chunk(buffer.array(), buffer.arrayOffset() + at, count);
    }
}
