package io.jsockmap.bpf.btf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Bytes as their types in C have them. */
class BtfValuesTest {
    private static final int CHAR = 1;
    private static final int INT = 2;
    private static final int U16 = 3;
    private static final int BOOL = 4;
    private static final int CHARS = 5;
    private static final int INTS = 6;
    private static final int FLOW = 7;
    private static final int FLAGS = 8;
    private static final int STATE = 9;

    private static final Optional<Btf> TYPES = Optional.of(Btf.read(section()));

    private static String print(int type, String hex) {
        return BtfValues.read(TYPES, type, HexFormat.of().parseHex(hex)).toString();
    }

    @Test
    void numbersAreSignedAsTheirTypeIs() {
        assertThat(print(INT, "ffffffff")).isEqualTo("-1");
        assertThat(print(U16, "ffff")).isEqualTo("65535");
        assertThat(print(BOOL, "01")).isEqualTo("true");
        // What no bool of C is must not look like one.
        assertThat(print(BOOL, "05")).isEqualTo("5");
    }

    @Test
    void charactersAreTextIfAllOfThemCanBePrinted() {
        assertThat(print(CHARS, "6162630000000000")).isEqualTo("\"abc\"");
        assertThat(print(CHARS, "0000000000000000")).isEqualTo("\"\"");
        // On one line, so that it can be read.
        assertThat(print(CHARS, "610a09225c000000")).isEqualTo("\"a\\n\\t\\\"\\\\\"");
        // What stands behind the zero counts.
        assertThat(print(CHARS, "6100620000000000")).isEqualTo("[97, 0, 98, 0, 0, 0, 0, 0]");
        assertThat(print(CHARS, "6101000000000000")).isEqualTo("[97, 1, 0, 0, 0, 0, 0, 0]");
    }

    @Test
    void aStructureNamesItsFields() {
        assertThat(print(FLOW, "5000" + "0000" + "feffffff" + "6100000000000000"))
                .isEqualTo("{port=80, delta=-2, name=\"a\"}");
    }

    @Test
    void bitFieldsAreTheirBits() {
        // Three bits, and five behind them.
        assertThat(print(FLAGS, "2b000000")).isEqualTo("{low=3, high=5}");
    }

    @Test
    void aConstantHasItsName() {
        assertThat(print(STATE, "01000000")).isEqualTo("OPEN");
        assertThat(print(STATE, "07000000")).isEqualTo("7");
    }

    @Test
    void arraysAreWrittenElementByElement() {
        assertThat(print(INTS, "01000000" + "02000000")).isEqualTo("[1, 2]");
    }

    @Test
    void whatHasNoTypeIsANumberOrHexadecimal() {
        assertThat(BtfValues.read(Optional.empty(), INT, new byte[] {1, 0, 0, 0})).hasToString("1");
        assertThat(BtfValues.read(Optional.empty(), 0, new byte[] {1, 2, 3}))
                .hasToString("hex:010203");
    }

    @Test
    void whatDoesNotFitItsTypeIsWrittenWithoutIt() {
        assertThat(print(INT, "0100")).isEqualTo("1");
    }

    // --- A section of types ----------------------------------------------------------------------

    /** The kernel's documentation, "BTF": a header, the types, the names. */
    private static byte[] section() {
        var names = new Names();
        var types = new Words();
        types.add(names.of("char"), kind(1, 0), 1, 1 << 24 | 8);
        types.add(names.of("int"), kind(1, 0), 4, 1 << 24 | 32);
        types.add(names.of("u16"), kind(1, 0), 2, 16);
        types.add(names.of("bool"), kind(1, 0), 1, 4 << 24 | 8);
        types.add(0, kind(3, 0), 0, CHAR, INT, 8);
        types.add(0, kind(3, 0), 0, INT, INT, 2);
        types.add(names.of("flow"), kind(4, 3), 16);
        types.add(names.of("port"), U16, 0);
        types.add(names.of("delta"), INT, 32);
        types.add(names.of("name"), CHARS, 64);
        types.add(names.of("flags"), kind(4, 2) | 1 << 31, 4);
        types.add(names.of("low"), U16, 3 << 24);
        types.add(names.of("high"), U16, 5 << 24 | 3);
        types.add(names.of("state"), kind(6, 2), 4);
        types.add(names.of("CLOSED"), 0, names.of("OPEN"), 1);
        var text = names.bytes();
        var header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
        header.putInt(0).putInt(types.bytes().length);
        header.putInt(types.bytes().length).putInt(text.length);
        var all = new ByteArrayOutputStream();
        all.writeBytes(header.array());
        all.writeBytes(types.bytes());
        all.writeBytes(text);
        return all.toByteArray();
    }

    private static int kind(int kind, int members) {
        return kind << 24 | members;
    }

    private static final class Words {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void add(int... words) {
            var bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
            for (int word : words) bytes.putInt(word);
            out.writeBytes(bytes.array());
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    private static final class Names {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Names() {
            out.write(0);
        }

        int of(String name) {
            int at = out.size();
            out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
            out.write(0);
            return at;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
