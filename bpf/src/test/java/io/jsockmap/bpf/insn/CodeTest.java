package io.jsockmap.bpf.insn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

/** The encoding of RFC 9669, section 3. */
class CodeTest {
    private static final String EXIT = "9500000000000000";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    unknown class and code       | ff00000000000000 | no such instruction: opcode 0xff
                    store of no mode             | 8310000000000000 | no such instruction: opcode 0x83
                    negation by a register       | 8f10000000000000 | no such instruction: opcode 0x8f
                    division of kind 2           | 3f21020000000000 | no such instruction: opcode 0x3f, src 2, off 2
                    move of 24 bits              | bf21180000000000 | no such instruction: opcode 0xbf, src 2, off 24
                    move of 32 bits to 32        | bc21200000000000 | no such instruction
                    swap of 8 bits               | d701000008000000 | no such instruction: opcode 0xd7
                    atomic of no operation       | db10000002000000 | no such instruction: opcode 0xdb, src 1, off 0, imm 2
                    atomic add of 2 bytes        | cb10000000000000 | no such instruction: opcode 0xcb
                    call of kind 3               | 8530000001000000 | no such instruction: opcode 0x85, src 3
                    reference of kind 7          | 18710000000000000000000000000000 | no such instruction: opcode 0x18, src 7
                    packet load of 8 bytes       | 3800000000000000 | no such instruction: opcode 0x38
                    source beside an immediate   | 0721000005000000 | opcode 0x07 uses reserved fields
                    immediate beside a source    | 0f21000005000000 | opcode 0x0f uses reserved fields
                    offset of an addition        | 0701010005000000 | opcode 0x07 uses reserved fields
                    operand of a negation        | 8701000001000000 | opcode 0x87 uses reserved fields
                    operand of an exit           | 9500000001000000 | opcode 0x95 uses reserved fields
                    immediate of a load          | 7110000001000000 | opcode 0x71 uses reserved fields
                    condition of a goto          | 0501010000000000 | opcode 0x05 uses reserved fields
                    register 11 as destination   | b70b000000000000 | R11 is invalid
                    register 15 as source        | bff1000000000000 | R15 is invalid
                    register 12 as an address    | 7b1c000000000000 | R12 is invalid
                    register 11, immediate       | 180b00000000000000000000000000 00 | R11 is invalid
                    """)
    void anInstructionThatIsNoneIsRefused(String what, String bytes, String problem) {
        var hex = EXIT + bytes.replace(" ", "");

        assertThatThrownBy(() -> decode(hex))
                .as(what)
                .isInstanceOf(MalformedCodeException.class)
                .hasMessageStartingWith("EINVAL: instruction 1: ")
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "180100000000000000, 1, cut off after 1 of 8 bytes",
        "1801000000000000, 0, 64-bit immediate cut off",
        "18010000000000009500000000000000, 1, second half of a 64-bit immediate",
        "18010000000000000001000000000000, 1, second half of a 64-bit immediate",
        "18110000000000000000000001000000, 1, second half of a 64-bit immediate",
        "18410000000000000000000001000000, 1, second half of a 64-bit immediate"
    })
    void anImmediateOfTwoSlotsIsWhole(String bytes, int slot, String problem) {
        assertThatThrownBy(() -> decode(bytes))
                .isInstanceOfSatisfying(
                        MalformedCodeException.class,
                        e -> {
                            assertThat(e.position()).isEqualTo(slot);
                            assertThat(e.problem()).contains(problem);
                            assertThat(e.errno()).isEqualTo(Errno.EINVAL);
                        });
    }

    @Test
    void whatWasDecodedIsEncodedAlike() {
        for (var vector : OpcodeVector.all()) {
            var code = vector.code();
            var bytes = code.encode();

            assertThat(Code.decode(bytes)).as(vector.title()).isEqualTo(code);
            assertThat(Code.decode(bytes).encode()).as(vector.title()).isEqualTo(bytes);
        }
    }

    @Test
    void everyOtherEncodingOfTheFirstEightBytesIsRefusedOrKept() {
        // All opcodes, and for each the fields that tell rows apart and those that must be zero.
        for (int opcode = 0; opcode < 256; opcode++) {
            for (int registers : new int[] {0x00, 0x10, 0x21, 0x7a, 0x0b}) {
                for (int offset : new int[] {0, 1, 8, 32}) {
                    for (int immediate : new int[] {0, 1, 16, 0xe1, 0x100, -1}) {
                        assertRefusedOrKept(opcode, registers, offset, immediate);
                    }
                }
            }
        }
    }

    private static void assertRefusedOrKept(int opcode, int registers, int offset, int immediate) {
        var hex =
                "%02x%02x%02x00%08x"
                        .formatted(opcode, registers, offset, Integer.reverseBytes(immediate));
        if (opcode == 0x18) hex += "0000000000000000";
        try {
            assertThat(HexFormat.of().formatHex(decode(hex).encode())).isEqualTo(hex);
        } catch (BpfException e) {
            assertThat(e).as(hex).isInstanceOf(MalformedCodeException.class);
        }
    }

    @Test
    void slotsCountAnImmediateTwice() {
        var code = Assembler.assemble("r1 = 1 ll\nr0 = 0\nexit");

        assertThat(code.size()).isEqualTo(4);
        assertThat(code.at(0)).isPresent();
        assertThat(code.at(1)).isEmpty();
        assertThat(code.at(2)).isPresent();
        assertThat(code.at(4)).isEmpty();
        assertThat(code.at(-1)).isEmpty();
        assertThat(code.followedBy(code).size()).isEqualTo(8);
    }

    private static Code decode(String hex) {
        return Code.decode(HexFormat.of().parseHex(hex));
    }
}
