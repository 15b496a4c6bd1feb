package io.jsockmap.sockmap.socket;

import java.nio.ByteBuffer;
import java.util.List;

/** Bytes that somebody offers in one piece or several; one call of send, so one message. */
final class Gather {
    /** The pieces: buffers of the caller's, or null. */
    private final ByteBuffer[] buffers;

    /** Pieces that are the taker's from now on, so that nobody has to copy them; or null. */
    private final List<Chunk> given;

    /** The first piece of which no byte was taken. */
    private int next;

    /** The piece before that. */
    private ByteBuffer current = ByteBuffer.allocate(0);

    private long remaining;

    private Gather(ByteBuffer[] buffers, List<Chunk> given) {
        this.buffers = buffers;
        this.given = given;
    }

    Gather(ByteBuffer[] buffers, int offset, int length) {
        this(buffers, null);
        next = offset;
        for (int i = offset; i < offset + length; i++) remaining += buffers[i].remaining();
    }

    static Gather of(ByteBuffer... buffers) {
        return new Gather(buffers, 0, buffers.length);
    }

    /** Bytes that are given away. */
    static Gather of(List<Chunk> given) {
        var gather = new Gather(null, given);
        for (var piece : given) gather.remaining += piece.length();
        return gather;
    }

    long remaining() {
        return remaining;
    }

    /** {@link #remaining}, or another number if that is less. */
    int atMost(int count) {
        return (int) Math.min(remaining, count);
    }

    /** The next piece, if it was given away and nobody has looked at it; or null. */
    Chunk unseen() {
        boolean whole = given != null && !current.hasRemaining() && next < given.size();
        if (!whole) return null;
        var piece = given.get(next);
        return piece.source() == null ? null : piece;
    }

    /** Takes the piece that {@link #unseen} gave. */
    Chunk takeUnseen() {
        var piece = given.get(next++);
        remaining -= piece.length();
        return piece;
    }

    /** Throws away what was given and nobody has taken. */
    void drop() {
        if (given == null) return;
        while (next < given.size()) given.get(next++).drop();
    }

    /** Copies the next bytes, which must be there. */
    void get(byte[] target, int offset, int count) {
        remaining -= count;
        for (int done = 0; done < count; ) {
            var piece = current();
            int some = Math.min(piece.remaining(), count - done);
            piece.get(target, offset + done, some);
            done += some;
        }
    }

    private ByteBuffer current() {
        while (!current.hasRemaining()) {
            // A view: the caller's positions stay.
            current = given == null ? buffers[next++].duplicate() : given.get(next++).buffer();
        }
        return current;
    }

    /**
     * The next bytes: a copy, unless they were given away.
     *
     * @param most how many at the most; what nobody has looked at is taken at once
     */
    Chunk take(int most) {
        if (unseen() != null) return takeUnseen();
        int count = atMost(most);
        if (given != null && count > 0) return share(count);
        var bytes = new byte[count];
        get(bytes, 0, count);
        return Chunk.of(bytes);
    }

    private Chunk share(int most) {
        var piece = current();
        int count = Math.min(piece.remaining(), most);
        var shared = new Chunk(piece.array(), piece.arrayOffset() + piece.position(), count);
        piece.position(piece.position() + count);
        remaining -= count;
        return shared;
    }
}
