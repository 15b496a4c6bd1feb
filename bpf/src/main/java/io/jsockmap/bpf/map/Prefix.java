package io.jsockmap.bpf.map;

/**
 * A key of an LPM trie: a length in bits, and the bytes whose first bits it takes.
 *
 * @param key the whole key; whoever makes one gives the array away
 */
record Prefix(byte[] key) {
    /** Bytes of the length, which stands in front. */
    static final int LENGTH_SIZE = Integer.BYTES;

    /** Bits of the prefix. */
    long length() {
        return IndexKey.indexOf(key);
    }

    /** Whether it has more bits than the key has. */
    boolean isTooLong() {
        return length() > (long) (key.length - LENGTH_SIZE) * Byte.SIZE;
    }

    /** The bit of that number, from 0 for the most significant of the first byte. */
    boolean bit(long index) {
        return (key[LENGTH_SIZE + (int) (index >> 3)] >> (7 - (index & 7)) & 1) != 0;
    }

    /**
     * How many bits at the start both have.
     *
     * @param known so many of them are the same for sure
     */
    long common(Prefix other, long known) {
        long limit = Math.min(length(), other.length());
        long bits = known & ~(Byte.SIZE - 1);
        while (bits < limit) {
            int at = LENGTH_SIZE + (int) (bits >> 3);
            int difference = (key[at] ^ other.key[at]) & 0xff;
            if (difference != 0) {
                bits += Integer.numberOfLeadingZeros(difference) - (Integer.SIZE - Byte.SIZE);
                break;
            }
            bits += Byte.SIZE;
        }
        return Math.min(bits, limit);
    }

    /** The same bytes with another length. */
    Prefix ofLength(long bits) {
        var copy = key.clone();
        System.arraycopy(IndexKey.of(bits), 0, copy, 0, LENGTH_SIZE);
        return new Prefix(copy);
    }
}
