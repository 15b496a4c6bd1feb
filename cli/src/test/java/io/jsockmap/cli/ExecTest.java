package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code exec}, as a plug-in of the public conformance suite is called. */
class ExecTest {
    private static final String EXIT = "95 00 00 00 00 00 00 00";

    @ParameterizedTest
    @CsvSource({
        // r0 = 42
        "b7 00 00 00 2a 00 00 00, '', 2a",
        "b70000002a000000, '', 2a",
        // r0 = -1
        "b7 00 00 00 ff ff ff ff, '', ffffffffffffffff",
        // r0 = the length of the memory
        "bf 20 00 00 00 00 00 00, aa bb cc, 3",
        // r0 = *(u16 *)(r1 + 1)
        "69 10 01 00 00 00 00 00, aabbcc, ccbb"
    })
    void theValueIsPrintedInHex(String code, String memory, String value) {
        var outcome = Outcome.withInput(code + "\n" + EXIT + "\n", "exec", memory);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo(value + System.lineSeparator());
        assertThat(outcome.code()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    zz                      | ''   | standard input is not hex
                    b70                     | ''   | standard input is not hex
                    95                      | ''   | instruction 0: cut off after 1 of 8 bytes
                    ff00000000000000        | ''   | no such instruction: opcode 0xff
                    ''                      | ''   | there is no instruction
                    9500000000000000        | xyz  | MEMORY is not hex
                    6110000000000000        | 00   | 4 bytes at offset 0 of memory: outside of its 1 bytes
                    0500ffff00000000        | ''   | ran for more than
                    """)
    void whatCannotBeRunGetsOneLine(String code, String memory, String complaint) {
        CommandLineTest.assertRefused(Outcome.withInput(code, "exec", memory), complaint);
    }
}
