package io.jsockmap.bpf.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.MalformedObjectException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Types that no compiler of ours makes. */
class BtfTest {
    private static final int INT = 1 << 24;
    private static final int POINTER = 2 << 24;
    private static final int ARRAY = 3 << 24;
    private static final int STRUCT = 4 << 24;
    private static final int TYPEDEF = 8 << 24;
    private static final int CONST = 10 << 24;

    @Test
    void aTypeIsResolvedThroughItsNames() {
        var btf = read(0, INT, 4, 32, 0, CONST, 1, 0, TYPEDEF, 2);

        assertThat(btf.resolve(3)).isInstanceOf(BtfType.Int.class);
        assertThat(btf.sizeOf(3)).isEqualTo(4);
        assertThat(btf.size()).isEqualTo(4);
    }

    @Test
    void anArrayOfArraysHasItsSize() {
        var btf = read(0, INT, 4, 32, 0, ARRAY, 0, 1, 1, 3, 0, ARRAY, 0, 2, 1, 5);

        assertThat(btf.sizeOf(3)).isEqualTo(60);
    }

    @Test
    void aStructMayPointToItself() {
        var btf = read(0, STRUCT | 1, 8, 0, 2, 0, 0, POINTER, 1);

        assertThat(btf.sizeOf(1)).isEqualTo(8);
    }

    @Test
    void aStructThatContainsItselfIsRefused() {
        assertRefused("type 1 contains itself", 0, STRUCT | 1, 8, 0, 1, 0);
        assertRefused("contains itself", 0, STRUCT | 1, 8, 0, 2, 0, 0, ARRAY, 0, 1, 1, 2);
    }

    @Test
    void aNameThatMeansItselfIsRefused() {
        assertRefused("contains itself", 0, TYPEDEF, 2, 0, CONST, 1);
    }

    @Test
    void anArrayOfGigabytesIsRefused() {
        assertRefused("an array of 8589934588 bytes", 0, INT, 4, 32, 0, ARRAY, 0, 1, 1, 0x7fffffff);
        assertRefused("an array of -4 bytes", 0, INT, 4, 32, 0, ARRAY, 0, 1, 1, -1);
    }

    /** Each struct has the one before twice: 2^30 ways down, of which none may be walked twice. */
    @Timeout(60)
    @Test
    void structsThatContainEachOtherManyTimesAreReadAtOnce() {
        int depth = 30;
        var words = new int[4 + depth * 9];
        System.arraycopy(new int[] {0, INT, 4, 32}, 0, words, 0, 4);
        for (int i = 0; i < depth; i++) {
            int[] struct = {0, STRUCT | 2, 4, 0, i + 1, 0, 0, i + 1, 0};
            System.arraycopy(struct, 0, words, 4 + i * 9, 9);
        }

        assertThat(read(words).size()).isEqualTo(depth + 2);
    }

    @Test
    void aTypeOfANumberThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> read(0, INT, 4, 32).type(2))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessageContaining("section .BTF, offset 0: type 2 of 2");
    }

    private static void assertRefused(String problem, int... words) {
        assertThatThrownBy(() -> read(words))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessageContaining(problem);
    }

    private static Btf read(int... words) {
        var strings = "\0name\0".getBytes(StandardCharsets.UTF_8);
        int length = words.length * Integer.BYTES;
        var section =
                ByteBuffer.allocate(24 + length + strings.length).order(ByteOrder.LITTLE_ENDIAN);
        section.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
        section.putInt(0).putInt(length).putInt(length).putInt(strings.length);
        for (int word : words) section.putInt(word);
        return Btf.read(section.put(strings).array());
    }
}
