package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.memory.ByteRegion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;

/** bpf_strtol and bpf_strtoul: the number, and how many bytes it took or what was wrong. */
class StrtolTest {
    private static final int STRTOL = 105;
    private static final int STRTOUL = 106;

    private final ByteRegion memory = ByteRegion.allocate("memory", 128);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    "1"                    | 10 |                    1 |   1
                    "-1"                   | 10 |                   -1 |   2
                    "-0"                   | 10 |                    0 |   2
                    "  42 "                | 10 |                   42 |   4
                    " \t-7"                | 10 |                   -7 |   4
                    "\u00a07"              | 10 |                    7 |   2
                    "12abc"                | 10 |                   12 |   2
                    "017"                  |  0 |                   15 |   3
                    "017"                  | 10 |                   17 |   3
                    "018"                  |  0 |                    1 |   2
                    "0x1F"                 |  0 |                   31 |   4
                    "0X1f"                 | 16 |                   31 |   4
                    "1f"                   | 16 |                   31 |   2
                    "0xg"                  |  0 |                    0 |   1
                    "0xg"                  | 16 |                    0 | -22
                    "19"                   |  8 |                    1 |   1
                    "9"                    |  8 |                    0 | -22
                    "+1"                   | 10 |                    0 | -22
                    "- 1"                  | 10 |                    0 | -22
                    "--1"                  | 10 |                    0 | -22
                    "-"                    | 10 |                    0 | -22
                    " "                    | 10 |                    0 | -22
                    "x"                    | 10 |                    0 | -22
                    "9223372036854775807"  | 10 |  9223372036854775807 |  19
                    "9223372036854775808"  | 10 |                    0 | -34
                    "-9223372036854775808" | 10 | -9223372036854775808 |  20
                    "-9223372036854775809" | 10 |                    0 | -34
                    "99999999999999999999" | 10 |                    0 | -34
                    "1"                    |  2 |                    0 | -22
                    "1"                    | 31 |                    0 | -22
                    "1"                    | 42 |                    0 | -22
                    """)
    void aNumberWithASign(String text, long flags, long value, long result) {
        put(text);

        assertThat(parse(STRTOL, text.length(), flags)).isEqualTo(result);
        assertThat(memory.load(null, 120, 8)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "18446744073709551615, -1, 20",
        "18446744073709551616, 0, -34",
        "18446744073709551620, 0, -34",
        "9223372036854775808, -9223372036854775808, 19",
        "-1, 0, -22",
        "7, 7, 1",
    })
    void aNumberWithoutASign(String text, long value, long result) {
        put(text);

        assertThat(parse(STRTOUL, text.length(), 10)).isEqualTo(result);
        assertThat(memory.load(null, 120, 8)).isEqualTo(value);
    }

    /** The kernel copies 63 bytes behind spaces and sign, so nothing behind them counts. */
    @Test
    void onlySixtyThreeDigitsAreLookedAt() {
        put("0".repeat(62) + "12");

        assertThat(parse(STRTOL, 64, 10)).isEqualTo(63);
        assertThat(memory.load(null, 120, 8)).isEqualTo(1);
    }

    @Test
    void allSpacesOfTheKernelArePassedOver() {
        put("\t\n\u000b\f\r \u00a07");

        assertThat(parse(STRTOL, 8, 10)).isEqualTo(8);
        assertThat(memory.load(null, 120, 8)).isEqualTo(7);
    }

    @Test
    void textThatIsNotGivenIsNotRead() {
        put("123456");

        assertThat(parse(STRTOL, 3, 10)).isEqualTo(3);
        assertThat(memory.load(null, 120, 8)).isEqualTo(123);
        assertThat(parse(STRTOL, 0, 10)).isEqualTo(-22);
    }

    @ParameterizedTest
    @ValueSource(longs = {129, -1, Integer.MAX_VALUE, 1L << 32, Long.MIN_VALUE})
    void textBeyondTheProgramsMemoryIsAFault(long size) {
        assertThat(trial(STRTOL, size, 10).fault()).hasMessageContaining("bpf_strtol#105");
    }

    @Test
    void aResultThatCanNotBeWrittenIsAFault() {
        put("1");

        assertThat(Trial.of("r2 = 1\nr3 = 10\nr4 = 0\ncall 105\nexit").on(memory).fault())
                .hasMessageContaining("a null pointer");
        assertThat(
                        Trial.of("r2 = 1\nr3 = 10\nr4 = r1\ncall 106\nexit")
                                .on(memory.readOnly())
                                .fault())
                .hasMessageContaining("is read-only");
    }

    private long parse(int helper, long size, long flags) {
        return trial(helper, size, flags).value();
    }

    private Trial trial(int helper, long size, long flags) {
        return Trial.of(
                        "r2 = %d ll\nr3 = %d\nr4 = r1\nr4 += 120\ncall %d\nexit"
                                .formatted(size, flags, helper))
                .on(memory);
    }

    private void put(String text) {
        memory.store(null, 120, 8, 99);
        var bytes = MemorySegment.ofArray(text.getBytes(ISO_8859_1));
        memory.segment().asSlice(0, bytes.byteSize()).copyFrom(bytes);
    }
}
