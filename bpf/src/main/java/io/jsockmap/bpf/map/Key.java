package io.jsockmap.bpf.map;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A key of a hash: all of its bytes count, padding included. Whoever makes one gives the array
 * away.
 */
public record Key(byte[] bytes) implements Comparable<Key> {
    /** Keys that were chosen to have the same hash code are found by their order. */
    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
