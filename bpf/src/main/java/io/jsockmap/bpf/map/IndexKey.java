package io.jsockmap.bpf.map;

import io.jsockmap.bpf.memory.Region;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Keys of maps that are indexed by an unsigned 32-bit number.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="array"}
 */
public final class IndexKey {
    /** Bytes of such a key. */
    public static final int SIZE = Integer.BYTES;

    private IndexKey() {}

    /** The number of a key. */
    public static long indexOf(byte[] key) {
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt(0));
    }

    /** The number of a key. */
    public static long indexOf(Key key) {
        return key.index();
    }

    /** The key of a number. */
    public static byte[] of(long index) {
        var key = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        return key.putInt((int) index).array();
    }

    /** The key behind this one; 0 behind null and behind keys that are none, nothing at the end. */
    public static Optional<byte[]> following(byte[] key, long maxEntries) {
        if (key == null || indexOf(key) >= maxEntries) return Optional.of(of(0));
        long next = indexOf(key) + 1;
        return next < maxEntries ? Optional.of(of(next)) : Optional.empty();
    }

    /** The elements of an array in the order of their indexes. */
    static Iterator<ProgramElement> elements(long maxEntries, LongFunction<Region> valueOf) {
        return LongStream.range(0, maxEntries)
                .mapToObj(index -> new ProgramElement(of(index), valueOf.apply(index)))
                .iterator();
    }
}
