package io.jsockmap.provider;

import io.jsockmap.sockmap.socket.Chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes that are still in somebody's buffers: the application's, who wants them back when its read
 * or write returns, or one to read into. Mostly nobody looks at them, and they are not copied here.
 */
final class UnseenBuffers implements Chunk.Source {
    /** Where they are; a copy once the buffers were given back, and null when nobody wants them. */
    private ByteBuffer[] bytes;

    private boolean copied;
    private final Runnable free;

    private UnseenBuffers(ByteBuffer[] bytes, Runnable free) {
        this.bytes = bytes;
        this.free = free;
    }

    /**
     * @param bytes a view, whose position is ours
     */
    UnseenBuffers(ByteBuffer bytes) {
        this(bytes, () -> {});
    }

    /**
     * @param free done once, when the buffer is not used any more
     */
    UnseenBuffers(ByteBuffer bytes, Runnable free) {
        this(new ByteBuffer[] {bytes}, free);
    }

    /** The next bytes of some views, whose positions move behind them; at most so many. */
    static UnseenBuffers next(ByteBuffer[] views, int most) {
        if (views.length == 1) return new UnseenBuffers(next(views[0], most));
        List<ByteBuffer> parts = new ArrayList<>(views.length);
        int left = most;
        for (var view : views) {
            if (left == 0) break;
            if (!view.hasRemaining()) continue;
            parts.add(next(view, left));
            left -= parts.getLast().remaining();
        }
        return new UnseenBuffers(parts.toArray(ByteBuffer[]::new), () -> {});
    }

    private static ByteBuffer next(ByteBuffer view, int most) {
        int count = Math.min(view.remaining(), most);
        var part = view.slice(view.position(), count);
        view.position(view.position() + count);
        return part;
    }

    @Override
    public synchronized byte[] fetch() {
        copy();
        var array = bytes[0].array();
        bytes = null;
        return array;
    }

    @Override
    public synchronized void drop() {
        if (bytes != null && !copied) free.run();
        bytes = null;
    }

    /** What is still wanted is copied, and the buffers are their owner's again. */
    synchronized void giveBack() {
        if (bytes != null) copy();
    }

    private void copy() {
        if (copied) return;
        var copy = ByteBuffer.allocate(remaining());
        for (var part : bytes) copy.put(part);
        bytes = new ByteBuffer[] {copy.flip()};
        copied = true;
        free.run();
    }

    /** Sends what has not been sent, as far as there is room; how many bytes that was. */
    synchronized int sendBy(Wire wire) throws IOException {
        return bytes.length == 1 ? wire.send(bytes[0]) : wire.send(bytes);
    }

    /** Bytes that have not been sent. */
    synchronized int remaining() {
        int sum = 0;
        for (var part : bytes) sum += part.remaining();
        return sum;
    }

    /** Moves all of them into a buffer that has room for them. */
    synchronized void moveTo(ByteBuffer target) {
        for (var part : bytes) target.put(part);
        drop();
    }
}
