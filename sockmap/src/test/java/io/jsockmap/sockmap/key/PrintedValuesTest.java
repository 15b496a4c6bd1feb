package io.jsockmap.sockmap.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfValues;
import io.jsockmap.bpf.object.ObjectReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** What is printed of values can be read: the same text gives the same bytes. */
class PrintedValuesTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Path OWN =
            ROOT.resolve("sockmap/src/test/resources/programs/printed-values.bpf.o");

    /** Types that are longer are arrays, of which a shorter one says as much. */
    private static final int LONGEST = 1024;

    private static final int ROUNDS = 16;
    private static final long SEED = 20_261_128;

    private static final Btf TYPES = types(OWN);

    private static Btf types(Path object) {
        return ObjectReader.read(object).btf().orElseThrow();
    }

    private static int number(String name) {
        return IntStream.range(1, TYPES.size())
                .filter(id -> TYPES.type(id).name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] parse(Btf types, int type, String text) {
        return KeyNotation.parse(text)
                .bytes(Optional.of(types), type, types.sizeOf(type), NamedSockets.NONE);
    }

    /** What is printed of the bytes that a text means. */
    private static String again(String type, String text) {
        int number = number(type);
        return new BtfValues(TYPES).read(number, parse(TYPES, number, text)).toString();
    }

    // --- All there is ----------------------------------------------------------------------------

    static List<Path> objects() throws IOException {
        try (var files = Files.walk(ROOT.resolve("sockmap/src/test/resources/programs"))) {
            return files.filter(file -> file.toString().endsWith(".bpf.o"))
                    .filter(file -> ObjectReader.read(file).btf().isPresent())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("objects")
    void anyBytesOfAnyTypeComeBackFromWhatIsPrintedOfThem(Path object) {
        var types = types(object);
        var values = new BtfValues(types);
        var random = new Random(SEED);
        for (int id = 1; id < types.size(); id++) {
            int size = types.sizeOf(id);
            if (size == 0 || size > LONGEST || isFunction(types, id)) continue;
            for (int round = 0; round < ROUNDS; round++) {
                var printed = values.read(id, bytes(random, size)).toString();

                // Bytes that no member has are lost, so they don't count.
                var parsed = parse(types, id, printed);

                assertThat(values.read(id, parsed)).as(printed).hasToString(printed);
                assertThat(parse(types, id, printed)).isEqualTo(parsed);
            }
        }
    }

    private static boolean isFunction(Btf types, int id) {
        return types.resolve(id) instanceof BtfType.DataSection section
                && section.variables().stream()
                        .anyMatch(v -> types.type(v.type()) instanceof BtfType.Function);
    }

    /** Often such as make truth values, names and texts. */
    private static byte[] bytes(Random random, int size) {
        var bytes = new byte[size];
        int kind = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            bytes[i] =
                    switch (kind) {
                        case 0 -> (byte) random.nextInt();
                        case 1 -> (byte) (random.nextInt(4) == 0 ? random.nextInt(8) : 0);
                        case 2 -> (byte) ("\"\\\n\tab ~".charAt(random.nextInt(8)));
                        default -> (byte) (random.nextBoolean() ? 0xff : random.nextInt());
                    };
        }
        return bytes;
    }

    // --- One by one ------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    enabled | true
                    enabled | false
                    wanted  | HIGH
                    wanted  | BELOW
                    wanted  | 3
                    wanted  | -2
                    share   | 0.5
                    share   | -1.5E-7
                    flags   | {low=5, delta=-16, level=BELOW, on=true, across=4611686018427387903}
                    """)
    void aTextIsPrintedAsItWasGiven(String type, String text) {
        assertThat(again(type, text)).isEqualTo(text);
    }

    @Test
    void aStructureOfEverythingIsPrintedAsItWasGiven() {
        var text =
                "{on=true, level=HIGH, wide=WIDEST, tiny=-1, port=80, delta=-5,"
                    + " mask=18446744073709551615, name=\"a\\n"
                    + "\\\"b\\\\\", table=[[1, -2], [3, 4]], part=0.25, ratio=-0.0, where=0xff,"
                    + " flags={low=0, delta=0, level=LOW, on=false, across=0}, address=16909060,"
                    + " octets=[4, 3, 2, 1], inner=9, huge=hex:000102030405060708090a0b0c0d0e0f,"
                    + " empty={}}";

        assertThat(again("everything", text)).isEqualTo(text);
    }

    @Test
    void namesCanBeComputedWith() {
        assertThat(again("wanted", "HIGH|8")).isEqualTo("15");
        assertThat(again("enabled", "true")).isEqualTo("true");
        assertThat(again("everything", "{port=true+80}")).contains("port=81");
    }

    @Test
    void bitsBesideABitFieldStayAsTheyAre() {
        int flags = number("flags");

        assertThat(parse(TYPES, flags, "{delta=-1}")).startsWith(0xf8, 0).hasSize(10);
        assertThat(parse(TYPES, flags, "{low=7, delta=0}")).startsWith(7, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    flags      | {low=8}       | 8 does not fit into 3 bits
                    flags      | {delta=-17}   | -17 does not fit into 5 bits
                    flags      | {high=1}      | has no field high (it has: low, delta, level, on, across)
                    flags      | {low=1.5}     | 1.5 is no whole number
                    wanted     | MIDDLE        | enum level has no constant MIDDLE (it has: LOW, HIGH, BELOW)
                    enabled    | yes           | no socket is inserted here
                    everything | {name="\\r"}  | expected n, t, a quote or a backslash behind each backslash
                    share      | -18446744073709551615 | expected a number of at most 64 bits
                    """)
    void whatDoesNotFitSaysWhy(String type, String text, String complaint) {
        assertThatThrownBy(() -> parse(TYPES, number(type), text))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining(complaint);
    }
}
