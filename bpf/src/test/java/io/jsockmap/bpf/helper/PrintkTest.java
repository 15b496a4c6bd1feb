package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.Environment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** bpf_trace_printk and bpf_trace_vprintk. */
class PrintkTest {
    private final List<String> traces = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    %d       | -1                 | -1
                    %i       | 0x1ffffffff        | -1
                    %u       | -1                 | 4294967295
                    %ld      | -1                 | -1
                    %lld     | 0x7fffffffffffffff | 9223372036854775807
                    %lu      | -1                 | 18446744073709551615
                    %llu     | -1                 | 18446744073709551615
                    %x       | 0x1deadbeef        | deadbeef
                    %X       | 0xbeef             | BEEF
                    %lx      | 0x1deadbeef        | 1deadbeef
                    %llx     | -1                 | ffffffffffffffff
                    %p       | 0x10               | 0000000000000010
                    %px      | -1                 | ffffffffffffffff
                    %pK,     | 0x10               | 0000000000000010,
                    [%5p]    | 0x10               | [   10]
                    %ps      | 0x10               | 0x10
                    %pS/%pB  | 0x10               | 0x10/0x0
                    %c       | 0x41               | A
                    %%       | 5                  | %
                    a %d b   | 7                  | a 7 b
                    [%5d]    | 42                 | [   42]
                    [%-5d]   | 42                 | [42   ]
                    %08x     | 0xbeef             | 0000beef
                    [%+d]    | 7                  | [+7]
                    [% d]    | 7                  | [ 7]
                    [%+d]    | -7                 | [-7]
                    [%+x]    | 7                  | [7]
                    [%05d]   | -42                | [-0042]
                    [%-05d]  | -42                | [-42  ]
                    [%3c]    | 0x41               | [  A]
                    [%-3c]   | 0x41               | [A  ]
                    %hello   | 1                  | REFUSED
                    %hd      | 1                  | REFUSED
                    %.3d     | 1                  | REFUSED
                    %#x      | 1                  | REFUSED
                    %lc      | 1                  | REFUSED
                    %llld    | 1                  | REFUSED
                    %pI5     | 1                  | REFUSED
                    %pfoo    | 1                  | REFUSED
                    %sfoo    | 1                  | REFUSED
                    100%     | 1                  | REFUSED
                    plain    | 1                  | plain
                    """)
    void aNumberIsPrintedByItsConversion(String format, String value, String printed) {
        long result = print(format, "r3 = %s ll\nr4 = 0\nr5 = 0\n".formatted(value));

        if (printed.equals("REFUSED")) {
            assertThat(result).isEqualTo(-22);
            assertThat(traces).isEmpty();
        } else {
            assertThat(result).isEqualTo(printed.length());
            assertThat(traces).containsExactly(printed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1025, 0x7fffffff, 0x100000010L})
    void aFormatOfNoBytesOrOfTooManyIsRefused(long size) {
        assertThat(Trial.of("r2 = %d ll\ncall 6\nexit".formatted(size)).value()).isEqualTo(-22);
    }

    @Test
    void anAddressIsPrintedAsPeopleWriteIt() {
        // r1 points to the format, whose first four bytes are the address.
        print("%pI4", "r3 = r1\n");

        assertThat(traces).containsExactly("37.112.73.52");
    }

    @Test
    void threeValuesAreTakenInTheirOrder() {
        print("%d %x %d", "r3 = 1\nr4 = 0xff\nr5 = -3\n");

        assertThat(traces).containsExactly("1 ff -3");
    }

    @Test
    void aFourthConversionIsRefusedSinceItHasNoValue() {
        assertThat(print("%d %d %d %d", "r3 = 1\nr4 = 2\nr5 = 3\n")).isEqualTo(-22);
        assertThat(traces).isEmpty();
    }

    @Test
    void aFormatThatIsNotAsciiOrHasNoEndIsRefused() {
        assertThat(print("na\u00efve", "")).isEqualTo(-22);
        assertThat(print("bell\u0007", "")).isEqualTo(-22);
        assertThat(print("end", "r2 = 3\n")).isEqualTo(-22);
        assertThat(traces).isEmpty();
    }

    @Test
    void bytesOfTextAreTakenForUtf8() {
        // r1 points to the format; behind its zero byte stands the string.
        print("%s\0na\u00efve", "r3 = r1\nr3 += 3\n");

        assertThat(traces).containsExactly("na\u00efve");
    }

    /** The line is cut, the result is not: so a program can see it. */
    @Test
    void aWidthOfMegabytesIsCountedAndNotPrinted() {
        assertThat(print("%99999999d", "r3 = 1\n")).isEqualTo(8_388_607);
        assertThat(traces).singleElement().asString().isBlank();
    }

    @Test
    void aStringIsReadFromTheProgramsMemory() {
        // r1 points to the format; "%s" itself is the string.
        print("<%s>", "r3 = r1\n");

        assertThat(traces).containsExactly("<<%s>>");
    }

    @Test
    void whatCanNotBeReadIsEmptyAndDoesNotEndTheRun() {
        print("<%s> %d", "r3 = 0x1234\nr4 = 5\n");
        print("%pI4 %pi4", "r3 = 0x1234\nr4 = 0\n");
        // No zero byte in the rest of the stack's last eight bytes.
        print("<%s>", "*(u64 *)(r10 - 8) = -1\nr3 = r10\nr3 += -8\n");

        assertThat(traces).containsExactly("<> 5", "0.0.0.0 000.000.000.000", "<>");
    }

    @Test
    void theFormatEndsAtItsZeroAndTheLineHasNoEnd() {
        print("line\n\0rest", "");

        assertThat(traces).containsExactly("line");
    }

    @Test
    void theLengthIsReturned() {
        assertThat(print("12345\n", "")).isEqualTo(6);
    }

    @Test
    void manyValuesComeFromAnArray() {
        var stores = new StringBuilder("r3 = r10\nr3 += -96\n");
        for (int i = 0; i < 12; i++) stores.append("*(u64 *)(r3 + %d) = %d%n".formatted(8 * i, i));
        stores.append("r4 = 96\n");

        call(177, "%d ".repeat(12), stores.toString());

        assertThat(traces).containsExactly("0 1 2 3 4 5 6 7 8 9 10 11");
    }

    @ParameterizedTest
    @CsvSource({"4", "-8", "104", "0x7fffffffffffff8"})
    void anArrayOfAnotherSizeIsAnInvalidArgument(String size) {
        long result = call(177, "%d", "r3 = r10\nr3 += -512\nr4 = %s ll\n".formatted(size));

        assertThat(result).isEqualTo(-22);
        assertThat(traces).isEmpty();
    }

    private long print(String format, String arguments) {
        return call(6, format, arguments);
    }

    private long call(int helper, String format, String arguments) {
        var bytes = format.getBytes(UTF_8);
        var memory = ByteRegion.allocate("format", bytes.length + 1);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory.segment(), 0, bytes.length);
        return Trial.of("%scall %d\nexit".formatted(arguments, helper))
                .on(memory)
                .in(Environment.system().tracingTo(traces::add))
                .value();
    }
}
