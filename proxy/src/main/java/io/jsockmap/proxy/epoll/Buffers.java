package io.jsockmap.proxy.epoll;

import io.jsockmap.sockmap.socket.Chunk;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The arrays that a loop reads into. One that was given away comes back when all that came into it
 * was written in one piece: no byte has two holders, so nobody has any of it then. Memory that is
 * used again is still in the CPU's caches.
 */
final class Buffers {
    private static final int SIZE = 1 << 16;

    /** Arrays that were given away and are looked for; those before are the garbage collector's. */
    private static final int KNOWN = 16;

    private final Deque<byte[]> free = new ArrayDeque<>(KNOWN);
    private final byte[][] given = new byte[KNOWN][];
    private final int[] counts = new int[KNOWN];
    private int next;
    private byte[] current = new byte[SIZE];
    private MemorySegment segment = MemorySegment.ofArray(current);

    /** Where the next bytes are read to. */
    MemorySegment current() {
        return segment;
    }

    /** The first bytes of it: a copy if these are few, or else all of it, given away. */
    byte[] take(int count) {
        if (count < SIZE / 2) return Arrays.copyOf(current, count);
        // First what may fail.
        var another = free.isEmpty() ? new byte[SIZE] : free.pop();
        var taken = current;
        given[next] = taken;
        counts[next] = count;
        next = (next + 1) % KNOWN;
        current = another;
        segment = MemorySegment.ofArray(current);
        return taken;
    }

    /** All of a chunk is written. */
    @SuppressWarnings("ReferenceEquality")
    void written(Chunk chunk) {
        if (chunk.array().length != SIZE || chunk.offset() != 0) return;
        for (int k = 0; k < KNOWN; k++) {
            if (given[k] != chunk.array()) continue;
            if (counts[k] == chunk.length()) free.push(given[k]);
            given[k] = null;
            return;
        }
    }
}
