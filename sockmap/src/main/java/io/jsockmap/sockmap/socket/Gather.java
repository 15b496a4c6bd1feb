package io.jsockmap.sockmap.socket;

import java.nio.ByteBuffer;

/** Bytes that somebody offers in one buffer or several; one call of send, so one message. */
final class Gather {
    private final ByteBuffer[] buffers;

    /** Whether the bytes are the taker's from now on, so that nobody has to copy them. */
    private final boolean given;

    /** Bytes that were given away and that nobody has looked at yet; or null. */
    private Chunk unseen;

    private int next;
    private long remaining;

    Gather(ByteBuffer[] buffers, int offset, int length) {
        this(buffers, offset, length, false);
    }

    private Gather(ByteBuffer[] buffers, int offset, int length, boolean given) {
        this.buffers = buffers;
        this.given = given;
        next = offset;
        for (int i = offset; i < offset + length; i++) remaining += buffers[i].remaining();
    }

    static Gather of(ByteBuffer... buffers) {
        return new Gather(buffers, 0, buffers.length);
    }

    /** Bytes that are given away. */
    static Gather of(Chunk given) {
        if (given.source() == null)
            return new Gather(new ByteBuffer[] {given.buffer()}, 0, 1, true);
        var gather = new Gather(new ByteBuffer[1], 0, 0, true);
        gather.unseen = given;
        gather.remaining = given.length();
        return gather;
    }

    /** Whether nobody has looked at them, so that all of them are better taken at once. */
    boolean isUnseen() {
        return unseen != null;
    }

    /** Throws away what was given and nobody looked at. */
    void drop() {
        if (unseen != null) unseen.drop();
        unseen = null;
    }

    private void look() {
        if (unseen == null) return;
        buffers[0] = unseen.buffer();
        unseen = null;
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
        look();
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
        if (unseen != null && count == remaining) return takeUnseen();
        look();
        var buffer = buffers[next];
        int at = buffer.position();
        buffer.position(at + count);
        remaining -= count;
        return new Chunk(buffer.array(), buffer.arrayOffset() + at, count);
    }

    private Chunk takeUnseen() {
        var all = unseen;
        unseen = null;
        remaining = 0;
        return all;
    }
}
