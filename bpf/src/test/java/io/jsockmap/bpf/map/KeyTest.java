package io.jsockmap.bpf.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Keys of hashes. */
class KeyTest {
    private static final int LONGEST = 64;

    private final long seed = new Random().nextLong();
    private final RandomGenerator random = new Random(seed);

    private byte[] bytes(int size) {
        var bytes = new byte[size];
        // Few values, so that many keys are equal or nearly so, with all bits in one of them.
        for (int i = 0; i < size; i++) bytes[i] = (byte) (random.nextInt(3) - 1);
        return bytes;
    }

    @Test
    void keysAreEqualIffTheirBytesAre() {
        for (int i = 0; i < 100_000; i++) {
            var one = bytes(random.nextInt(1, LONGEST + 1));
            var other = random.nextBoolean() ? one.clone() : bytes(random.nextInt(1, 4));
            if (random.nextBoolean()) other[random.nextInt(other.length)] ^= 1;
            boolean same = Arrays.equals(one, other);

            assertThat(Key.of(one).equals(Key.of(other))).as(seen(one, other)).isEqualTo(same);
            if (same) assertThat(Key.of(one)).hasSameHashCodeAs(Key.of(other));
        }
    }

    /** Without an order a table compares each key with all others of its hash code. */
    @Test
    void keysHaveTheOrderOfTheirBytes() {
        for (int i = 0; i < 100_000; i++) {
            int size = random.nextInt(LONGEST + 1);
            var one = bytes(size);
            var other =
                    random.nextBoolean()
                            ? bytes(random.nextInt(LONGEST + 1))
                            : Arrays.copyOf(one, random.nextInt(LONGEST + 1));
            if (other.length > 0) other[random.nextInt(other.length)]++;

            assertThat(Integer.signum(Key.of(one).compareTo(Key.of(other))))
                    .as(seen(one, other))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(one, other)));
        }
    }

    private String seen(byte[] one, byte[] other) {
        var hex = HexFormat.of();
        return "seed %d: %s and %s".formatted(seed, hex.formatHex(one), hex.formatHex(other));
    }

    @Test
    void theBytesComeOutAgain() {
        for (int size = 0; size <= LONGEST; size++) {
            var bytes = bytes(size);

            assertThat(Key.of(bytes).bytes()).as("seed %d", seed).isEqualTo(bytes);
            assertThat(Key.of(bytes).size()).isEqualTo(size);
            assertThat(Key.of(bytes)).hasToString(HexFormat.of().formatHex(bytes));
        }
    }

    /** Zeros fill the last word up, and are bytes of other keys. */
    @Test
    void theSizeCounts() {
        Set<Key> zeros = new HashSet<>();
        for (int size = 0; size <= LONGEST; size++) zeros.add(Key.of(new byte[size]));

        assertThat(zeros).hasSize(LONGEST + 1);
    }

    @Test
    void aScratchKeyIsReadFromAnyPlace() {
        var all = bytes(3 * LONGEST);
        try (var arena = Arena.ofConfined()) {
            var outside = arena.allocate(all.length).copyFrom(MemorySegment.ofArray(all));
            for (int size = 1; size <= LONGEST; size++) {
                var key = Key.scratch(size);
                for (int at = 0; at <= all.length - size; at++) {
                    var expected = Key.of(Arrays.copyOfRange(all, at, at + size));

                    assertReads(key, MemorySegment.ofArray(all), at, expected);
                    assertReads(key, outside, at, expected);
                }
            }
        }
    }

    private void assertReads(Key key, MemorySegment from, int at, Key expected) {
        assertThat(key.read(from, at)).as("seed %d, byte %d", seed, at).isSameAs(key);
        assertThat(key).isEqualTo(expected).hasSameHashCodeAs(expected);
        assertThat(key.bytes()).isEqualTo(expected.bytes());
    }

    /** A segment of exactly those bytes has no more to give, in front or behind. */
    @Test
    void aScratchKeyReadsItsOwnBytesOnly() {
        for (int size = 1; size <= LONGEST; size++) {
            var bytes = bytes(size);
            var from = MemorySegment.ofArray(bytes(size + 2)).asSlice(1, size);
            from.copyFrom(MemorySegment.ofArray(bytes));
            var key = Key.scratch(size);

            assertThat(key.read(from, 0)).isEqualTo(Key.of(bytes));

            assertThatThrownBy(() -> key.read(from, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 8, 13, 16, 64})
    void aScratchKeyFindsWhatATableHas(int size) {
        var table = new java.util.HashMap<Key, Integer>();
        var from = MemorySegment.ofArray(new byte[size + 1]);
        var key = Key.scratch(size);
        for (int i = 0; i < 100; i++) {
            from.set(JAVA_BYTE, 1, (byte) i);
            table.put(key.read(from, 1).copy(), i);
        }

        for (int i = 0; i < 100; i++) {
            from.set(JAVA_BYTE, 1, (byte) i);

            assertThat(table.get(key.read(from, 1))).isEqualTo(i);
        }
        from.set(JAVA_BYTE, 1, (byte) 100);
        assertThat(table.get(key.read(from, 1))).isNull();
    }

    @Test
    void aCopyStaysWhatItIs() {
        var key = Key.scratch(4).read(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}), 0);

        var copy = key.copy();
        key.read(MemorySegment.ofArray(new byte[4]), 0);

        assertThat(copy).isEqualTo(Key.of(new byte[] {1, 2, 3, 4})).isNotEqualTo(key);
        assertThat(copy.copy()).isSameAs(copy);
    }

    @Test
    void whatATableKeepsCanNotBeFilledAgain() {
        var bytes = new byte[] {1, 2, 3, 4};
        var key = Key.of(bytes);
        bytes[0] = 9;

        assertThatThrownBy(() -> key.read(MemorySegment.ofArray(bytes), 0))
                .isInstanceOf(IllegalStateException.class);
        assertThat(key.bytes()).containsExactly(1, 2, 3, 4);
    }

    /**
     * Keys that differ where a plain product would lose it: in the highest bit of a word, or of two
     * words at once, which would cancel each other out whatever the process chose.
     */
    @Test
    void keysThatDifferInHighBitsHaveOtherHashCodes() {
        Set<Integer> hashes = new HashSet<>();
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 16; second++) {
                var bytes = new byte[16];
                bytes[7] = (byte) first;
                bytes[15] = (byte) (second << 4);
                hashes.add(Key.of(bytes).hashCode());
            }
        }
        // By chance two of them may be the same, once in 500 runs.
        assertThat(hashes).hasSizeGreaterThan(256 * 16 - 4);
    }
}
