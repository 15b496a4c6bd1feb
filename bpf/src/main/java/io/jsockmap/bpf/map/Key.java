package io.jsockmap.bpf.map;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A key of a map: all of its bytes count, padding included.
 *
 * <p>There are two kinds. A key {@link #of} some bytes never changes. A {@linkplain #scratch
 * scratch} key is filled anew for each lookup, so that looking up allocates nothing; it belongs to
 * one thread at a time, is equal to the key whose bytes it has at the moment, and no table may keep
 * it: that takes a {@link #copy}.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="key"}
 */
public final class Key implements Comparable<Key> {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Whoever sends the bytes of keys can't tell which of them have the same hash code. Both
     * numbers are needed: what a start alone is mixed with can be cancelled out word by word.
     */
    private static final long START;

    private static final long FACTOR;

    static {
        var random = new SecureRandom();
        START = random.nextLong();
        FACTOR = random.nextLong() | 1;
    }

    private final int size;

    /** The bytes as little-endian numbers; the last one is filled up with zeros. */
    private final long[] words;

    private final boolean scratch;
    private int hash;

    private Key(int size, long[] words, boolean scratch) {
        this.size = size;
        this.words = words;
        this.scratch = scratch;
        hash = hashOf(size, words);
    }

    /** The key of some bytes, which are copied. */
    public static Key of(byte[] bytes) {
        var words = new long[wordsOf(bytes.length)];
        fill(words, bytes.length, MemorySegment.ofArray(bytes), 0);
        return new Key(bytes.length, words, false);
    }

    /** A key that {@link #read} fills again and again; its bytes are 0 until then. */
    public static Key scratch(int size) {
        return new Key(size, new long[wordsOf(size)], true);
    }

    private static int wordsOf(int size) {
        return (size + Long.BYTES - 1) / Long.BYTES;
    }

    /**
     * Takes the bytes of a place in memory, as many as the key has and none behind them; gives this
     * key.
     *
     * @throws IllegalStateException if this is not a scratch key
     * @throws IndexOutOfBoundsException if the memory has fewer bytes from there on
     */
    public Key read(MemorySegment from, long offset) {
        if (!scratch) throw new IllegalStateException("only a scratch key can be filled again");
        fill(words, size, from, offset);
        hash = hashOf(size, words);
        return this;
    }

    private static void fill(long[] words, int size, MemorySegment from, long offset) {
        int whole = size / Long.BYTES;
        for (int i = 0; i < whole; i++) words[i] = from.get(LONG, offset + (long) i * Long.BYTES);
        if (whole < words.length) words[whole] = rest(from, offset, size);
    }

    /** The last word, of which less than 8 bytes are the key's. */
    private static long rest(MemorySegment from, long offset, int size) {
        int bytes = size % Long.BYTES;
        long end = offset + size;
        if (bytes == Integer.BYTES) return Integer.toUnsignedLong(from.get(INT, end - bytes));
        // The 8 bytes up to the end, without those of the word in front.
        if (size > Long.BYTES) {
            return from.get(LONG, end - Long.BYTES) >>> (Long.BYTES - bytes) * Byte.SIZE;
        }
        long word = 0;
        for (int i = bytes; i > 0; i--) {
            long b = Byte.toUnsignedLong(from.get(ValueLayout.JAVA_BYTE, end - bytes + i - 1));
            word = word << Byte.SIZE | b;
        }
        return word;
    }

    /** Each word goes through a product of 128 bits, whose halves are put together. */
    private static int hashOf(int size, long[] words) {
        long hash = START + size;
        for (long word : words) {
            long mixed = hash ^ word;
            hash = mixed * FACTOR ^ Math.unsignedMultiplyHigh(mixed, FACTOR);
        }
        return (int) (hash ^ hash >>> Integer.SIZE);
    }

    /** Bytes of the key. */
    public int size() {
        return size;
    }

    /** The first four bytes as an unsigned number: of a key of an array, the index. */
    long index() {
        return words[0] & 0xffff_ffffL;
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte) (words[i / 8] >>> i % 8 * Byte.SIZE);
        return bytes;
    }

    /** A key of the same bytes that never changes: what a table keeps. */
    public Key copy() {
        return scratch ? new Key(size, words.clone(), false) : this;
    }

    /**
     * In the order of the bytes, as unsigned numbers. Tables find keys by it that happen to have
     * the same hash code.
     */
    @Override
    public int compareTo(Key other) {
        int common = Math.min(words.length, other.words.length);
        int at = Arrays.mismatch(words, 0, common, other.words, 0, common);
        if (at < 0) return Integer.compare(size, other.size);
        return Long.compareUnsigned(
                Long.reverseBytes(words[at]), Long.reverseBytes(other.words[at]));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && size == key.size && sameWords(key.words);
    }

    /** Keys are short: a plain loop is faster than what compares long arrays. */
    private boolean sameWords(long[] others) {
        for (int i = 0; i < words.length; i++) {
            if (words[i] != others[i]) return false;
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }
}
