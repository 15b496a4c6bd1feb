package io.jsockmap.sockmap.socket;

import java.util.ArrayList;
import java.util.List;

/**
 * What waits for a socket's application: bytes that were passed or redirected in. Written by those
 * who pass, read in the socket's mailbox.
 */
final class IngressQueue {
    private final ByteQueue queue;
    private final boolean keepsMessages;

    /** What a short read left of a message. */
    private Chunk rest;

    IngressQueue(long limit, boolean keepsMessages) {
        queue = new ByteQueue(limit);
        this.keepsMessages = keepsMessages;
    }

    Credit credit() {
        return queue.credit;
    }

    /** Adds bytes for which credit has been taken. */
    void add(Chunk message) {
        queue.add(message);
    }

    /**
     * The first message, or as much of it as is asked for, or null. What a read leaves of a
     * datagram is gone, as natively; of a stream, it comes next.
     */
    Chunk take(int most) {
        var chunk = rest != null ? rest : queue.take();
        rest = null;
        if (chunk == null) return null;
        int asked = Math.min(most, chunk.length());
        if (asked < chunk.length()) {
            if (keepsMessages) queue.cutOff(chunk.length() - asked);
            else rest = chunk.from(asked);
            chunk = chunk.first(asked);
        }
        queue.left(asked);
        return chunk;
    }

    /** Bytes that wait. */
    long bytes() {
        return queue.account().waiting();
    }

    /** A copy of the bytes that a read of so many would take, or null; they stay. */
    Chunk peek(int most) {
        List<Chunk> seen = new ArrayList<>();
        int left = most;
        if (rest != null) {
            seen.add(rest.first(Math.min(left, rest.length())));
            left -= seen.getLast().length();
        }
        for (var chunk : queue) {
            if (left == 0 || keepsMessages && !seen.isEmpty()) break;
            seen.add(chunk.first(Math.min(left, chunk.length())));
            left -= seen.getLast().length();
        }
        return seen.isEmpty() ? null : Chunk.of(SkMsg.joined(seen).copy());
    }

    /** Throws away what nobody will read. */
    void discard() {
        if (rest != null) queue.lost(rest.length());
        rest = null;
        queue.clear();
    }

    Account.Queue account() {
        return queue.account();
    }
}
