package io.jsockmap.sockmap.socket;

import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes from the network that nobody has judged or read, as they came. */
final class Arrivals {
    private final boolean keepsMessages;
    private final Deque<Chunk> pieces = new ArrayDeque<>(1);

    /** The array of the first piece, if it was made here and has room behind its bytes. */
    private byte[] growing;

    private long bytes;

    /**
     * @param keepsMessages whether a piece is a message, of which no part comes or goes alone
     */
    Arrivals(boolean keepsMessages) {
        this.keepsMessages = keepsMessages;
    }

    void add(Chunk piece) {
        pieces.add(piece);
        bytes += piece.length();
    }

    long bytes() {
        return bytes;
    }

    /** How many pieces there are. */
    int pieces() {
        return pieces.size();
    }

    /** A copy of the oldest bytes, of the first message or as many pieces as hold them, or null. */
    Chunk peek(int most) {
        if (pieces.isEmpty()) return null;
        long there = keepsMessages ? pieces.peek().length() : bytes;
        var seen = new byte[(int) Math.min(most, there)];
        int count = 0;
        for (var piece : pieces) {
            int part = Math.min(piece.length(), seen.length - count);
            System.arraycopy(piece.array(), piece.offset(), seen, count, part);
            count += part;
            if (count == seen.length) break;
        }
        return Chunk.of(seen);
    }

    /** The oldest piece, of a stream at most so many bytes of it, or null. */
    Chunk take(int most) {
        var piece = pieces.poll();
        if (piece == null) return null;
        if (!keepsMessages && piece.length() > most) {
            pieces.addFirst(piece.from(most));
            piece = piece.first(most);
        }
        bytes -= piece.length();
        if (pieces.isEmpty()) growing = null;
        return piece;
    }

    /** The oldest bytes, which must be there, in one piece. */
    Chunk takeAll(int count) {
        var piece = pieces.peek();
        if (piece.length() >= count) return take(count);
        var all = new byte[count];
        for (int done = 0; done < count; ) {
            var next = take(count - done);
            System.arraycopy(next.array(), next.offset(), all, done, next.length());
            done += next.length();
        }
        return Chunk.of(all);
    }

    /**
     * The oldest piece, with those behind it as long as it has no more than some bytes; it stays.
     */
    Chunk longerThan(int count) {
        while (pieces.peek().length() <= count && pieces.size() > 1) join();
        return pieces.peek();
    }

    /** Makes one of the two oldest pieces. */
    private void join() {
        var first = pieces.poll();
        var next = pieces.poll();
        int end = first.offset() + first.length();
        if (!isGrowing(first) || growing.length - end < next.length()) {
            // Twice the room, so that a message that comes byte by byte is not copied each time.
            growing = new byte[Math.max(256, 2 * (first.length() + next.length()))];
            System.arraycopy(first.array(), first.offset(), growing, 0, first.length());
            first = new Chunk(growing, 0, first.length());
            end = first.length();
        }
        System.arraycopy(next.array(), next.offset(), growing, end, next.length());
        pieces.addFirst(new Chunk(growing, first.offset(), first.length() + next.length()));
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isGrowing(Chunk piece) {
        return piece.array() == growing;
    }
}
