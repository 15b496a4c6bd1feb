package io.jsockmap.sockmap.socket;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes on their way. The array belongs to whoever holds the chunk; between two holders only its
 * parts are shared out, never the same byte twice.
 *
 * <p>A transport may leave the bytes where they are until somebody looks at them: then there is no
 * array before one is asked for.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TransportExamples" region="send"}
 */
public final class Chunk {
    private static final int SLACK = 256;

    /** No bytes. */
    public static final Chunk NONE = of(new byte[0]);

    private byte[] array;
    private final int offset;
    private final int length;

    /** Where the bytes are as long as there is no array; null if there always was one. */
    private final Source source;

    /**
     * Where bytes are that nobody has looked at. Whoever holds the chunk calls one of the methods,
     * once, or takes the bytes from where they are.
     */
    public interface Source {
        /** All of them. */
        byte[] fetch();

        /** They are thrown away. */
        void drop();
    }

    /**
     * @param array where they are
     * @param offset where they begin
     * @param length how many there are
     */
    public Chunk(byte[] array, int offset, int length) {
        this(Objects.requireNonNull(array), offset, length, null);
    }

    private Chunk(byte[] array, int offset, int length, Source source) {
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.source = source;
    }

    /** All of an array, which is given away. */
    public static Chunk of(byte[] array) {
        return new Chunk(array, 0, array.length);
    }

    /** Bytes that are elsewhere until somebody looks at them. */
    public static Chunk of(Source source, int length) {
        return new Chunk(null, 0, length, source);
    }

    /** Bytes that are somebody else's: to be looked at before he changes them. */
    static Chunk in(ByteBuffer view) {
        return of(
                new Source() {
                    @Override
                    public byte[] fetch() {
                        return copyOf(view).array;
                    }

                    @Override
                    public void drop() {}
                },
                view.remaining());
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

    /** Where the bytes are; they are fetched if they were not there. */
    public byte[] array() {
        fetch();
        return array;
    }

    /** Where in the array they begin. */
    public int offset() {
        return offset;
    }

    /** How many there are. */
    public int length() {
        return length;
    }

    /** Where the bytes are if there is no array; or null. */
    public Source source() {
        return array == null ? source : null;
    }

    /** Has the bytes in an array from now on. */
    void fetch() {
        if (array == null) array = source.fetch();
    }

    /** Throws the bytes away; of those in an array there is nothing to do. */
    public void drop() {
        if (array == null) source.drop();
    }

    /** The first bytes. */
    public Chunk first(int count) {
        return count == length ? this : new Chunk(array(), offset, count);
    }

    /** All but the first bytes. */
    public Chunk from(int count) {
        return count == 0 ? this : new Chunk(array(), offset + count, length - count);
    }

    /**
     * The same bytes without much around them, for whoever keeps them: a few bytes of a large array
     * keep all of it from being freed.
     */
    Chunk compact() {
        return array == null || array.length <= 2 * length + SLACK ? this : of(copy());
    }

    /** The bytes in an array of their own. */
    public byte[] copy() {
        return Arrays.copyOfRange(array(), offset, offset + length);
    }

    /** The bytes as a buffer on the same array. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(array(), offset, length);
    }
}
