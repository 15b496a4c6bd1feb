package io.jsockmap.provider;

import io.jsockmap.sockmap.socket.Chunk;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes that are still in somebody's buffer: the application's, who wants it back when its read or
 * write returns, or one to read into. Mostly nobody looks at them, and they are not copied here.
 */
final class Borrowed implements Chunk.Source {
    /** Where they are; a copy once the buffer was given back, and null when nobody wants them. */
    private ByteBuffer bytes;

    private boolean copied;
    private final Runnable free;

    /**
     * @param bytes a view, whose position is ours
     */
    Borrowed(ByteBuffer bytes) {
        this(bytes, () -> {});
    }

    /**
     * @param free done once, when the buffer is not used any more
     */
    Borrowed(ByteBuffer bytes, Runnable free) {
        this.bytes = bytes;
        this.free = free;
    }

    @Override
    public synchronized byte[] fetch() {
        copy();
        var array = bytes.array();
        bytes = null;
        return array;
    }

    @Override
    public synchronized void drop() {
        if (bytes != null && !copied) free.run();
        bytes = null;
    }

    /** What is still wanted is copied, and the buffer is its owner's again. */
    synchronized void giveBack() {
        if (bytes != null) copy();
    }

    private void copy() {
        if (copied) return;
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        bytes = ByteBuffer.wrap(copy);
        copied = true;
        free.run();
    }

    /** Sends what has not been sent, as far as there is room; how many bytes that was. */
    synchronized int sendBy(Wire wire) throws IOException {
        return wire.send(bytes);
    }

    /** Bytes that have not been sent. */
    synchronized int remaining() {
        return bytes.remaining();
    }

    /** Moves all of them into a buffer that has room for them. */
    synchronized void moveTo(ByteBuffer target) {
        target.put(bytes);
        drop();
    }
}
