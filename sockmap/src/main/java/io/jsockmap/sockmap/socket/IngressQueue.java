package io.jsockmap.sockmap.socket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What waits for a socket's application: bytes that were passed or redirected in. Used in the
 * socket's mailbox, except for the credit.
 */
final class IngressQueue {
    private final Deque<Chunk> chunks = new ArrayDeque<>(1);
    private final Credit credit;
    private final boolean keepsMessages;
    private long entered;
    private long left;
    private long discarded;

    /** What a short read left of a message. */
    private Chunk rest;

    IngressQueue(long limit, boolean keepsMessages) {
        credit = new Credit(limit);
        this.keepsMessages = keepsMessages;
    }

    Credit credit() {
        return credit;
    }

    /** Adds bytes for which credit has been taken. */
    void add(Chunk message) {
        entered += message.length();
        chunks.add(message.compact());
    }

    /** Counts bytes that come and are taken at once. */
    void passBy(Chunk message) {
        entered += message.length();
        left += message.length();
    }

    boolean isEmpty() {
        return rest == null && chunks.isEmpty();
    }

    /**
     * The first message, or as much of it as is asked for, or null. What a read leaves of a
     * datagram is gone, as natively; of a stream, it comes next.
     */
    Chunk take(int most) {
        var chunk = rest != null ? rest : chunks.poll();
        rest = null;
        if (chunk == null) return null;
        int asked = Math.min(most, chunk.length());
        if (asked < chunk.length()) {
            if (keepsMessages) cutOff(chunk.length() - asked);
            else rest = chunk.from(asked);
            chunk = chunk.first(asked);
        }
        left += asked;
        credit.release(Credit.cost(asked));
        return chunk;
    }

    /** Bytes of a message whose other bytes were taken will reach nobody. */
    private void cutOff(int bytes) {
        discarded += bytes;
        credit.release(bytes);
    }

    /** Bytes that wait. */
    long bytes() {
        return account().waiting();
    }

    /** A copy of the bytes that a read of so many would take, or null; they stay. */
    Chunk peek(int most) {
        List<Chunk> seen = new ArrayList<>();
        int left = most;
        if (rest != null) {
            seen.add(rest.first(Math.min(left, rest.length())));
            left -= seen.getLast().length();
        }
        for (var chunk : chunks) {
            if (left == 0 || keepsMessages && !seen.isEmpty()) break;
            seen.add(chunk.first(Math.min(left, chunk.length())));
            left -= seen.getLast().length();
        }
        return seen.isEmpty() ? null : Chunk.of(SkMsg.joined(seen).copy());
    }

    /** Throws away what nobody will read. */
    void discard() {
        if (rest != null) chunks.addFirst(rest);
        rest = null;
        for (var chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
            chunk.drop();
            discarded += chunk.length();
            credit.release(Credit.cost(chunk.length()));
        }
    }

    Account.Queue account() {
        return new Account.Queue(entered, left, discarded);
    }
}
