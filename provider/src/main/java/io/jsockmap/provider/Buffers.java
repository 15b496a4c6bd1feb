package io.jsockmap.provider;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Direct buffers to read into: as many as threads read at once, each long enough for a datagram. */
final class Buffers {
    private static final int LENGTH = 1 << 16;

    private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

    ByteBuffer take() {
        var buffer = idle.poll();
        return buffer == null ? ByteBuffer.allocateDirect(LENGTH) : buffer.clear();
    }

    void giveBack(ByteBuffer buffer) {
        idle.add(buffer);
    }
}
