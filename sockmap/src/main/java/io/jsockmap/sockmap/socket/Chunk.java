package io.jsockmap.sockmap.socket;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes on their way. The array belongs to whoever holds the chunk; between two holders only its
 * parts are shared out, never the same byte twice.
 *
 * @param array where they are
 * @param offset where they begin
 * @param length how many there are
 */
public record Chunk(byte[] array, int offset, int length) {
    private static final int SLACK = 256;

    /** No bytes. */
    public static final Chunk NONE = of(new byte[0]);

    /** All of an array, which is given away. */
    public static Chunk of(byte[] array) {
        return new Chunk(array, 0, array.length);
    }

    /** A copy of all that remains in a buffer, which is consumed. */
    public static Chunk copyOf(ByteBuffer source) {
        return copyOf(source, source.remaining());
    }

    /** A copy of the next bytes of a buffer, which are consumed. */
    static Chunk copyOf(ByteBuffer source, int count) {
        var bytes = new byte[count];
        source.get(bytes);
        return of(bytes);
    }

    /** The first bytes. */
    public Chunk first(int count) {
        return new Chunk(array, offset, count);
    }

    /** All but the first bytes. */
    public Chunk from(int count) {
        return new Chunk(array, offset + count, length - count);
    }

    /**
     * The same bytes without much around them, for whoever keeps them: a few bytes of a large array
     * keep all of it from being freed.
     */
    Chunk compact() {
        return array.length <= 2 * length + SLACK ? this : of(copy());
    }

    /** The bytes in an array of their own. */
    public byte[] copy() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** The bytes as a buffer on the same array. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(array, offset, length);
    }
}
