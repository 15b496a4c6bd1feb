package io.jsockmap.provider;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/** Direct buffers to read into, each long enough for a datagram. */
final class Buffers {
    private static final int LENGTH = 1 << 16;

    /** More are left to the garbage collector. */
    private static final int IDLE = 128;

    private final Queue<ByteBuffer> idle = new ArrayBlockingQueue<>(IDLE);

    ByteBuffer take() {
        var buffer = idle.poll();
        return buffer == null ? ByteBuffer.allocateDirect(LENGTH) : buffer.clear();
    }

    void giveBack(ByteBuffer buffer) {
        boolean _ = idle.offer(buffer);
    }
}
