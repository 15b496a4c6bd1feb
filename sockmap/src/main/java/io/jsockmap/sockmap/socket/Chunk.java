package io.jsockmap.sockmap.socket;

import java.nio.ByteBuffer;

/**
 * Bytes on their way. The array belongs to whoever holds the chunk; between two holders only its
 * parts are shared out, never the same byte twice.
 *
 * @param array where they are
 * @param offset where they begin
 * @param length how many there are
 */
public record Chunk(byte[] array, int offset, int length) {

    /** A copy of all that remains in a buffer, which is consumed. */
    public static Chunk copyOf(ByteBuffer source) {
        var bytes = new byte[source.remaining()];
        source.get(bytes);
        return new Chunk(bytes, 0, bytes.length);
    }

    /** The first bytes. */
    public Chunk first(int count) {
        return new Chunk(array, offset, count);
    }

    /** All but the first bytes. */
    public Chunk from(int count) {
        return new Chunk(array, offset + count, length - count);
    }

    /** The bytes as a buffer on the same array. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(array, offset, length);
    }
}
