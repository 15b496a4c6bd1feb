package io.jsockmap.bpf.insn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.elf.ElfFile;
import io.jsockmap.bpf.insn.Disassembler.Style;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** What the disassembler prints the assembler reads, and it tells of what it can't read. */
class AssemblerTest {

    @ParameterizedTest
    @EnumSource
    void everyRowIsReadBackAsItWasPrinted(Style style) {
        for (long seed = 0; seed < 200; seed++) {
            var random = new RandomCode(new Random(seed));
            for (var row : Opcodes.TABLE) {
                assertReadBack(style, Code.of(List.of(random.instruction(row))), "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCompiledFunctionIsReadBackAsItWasPrinted(Style style) throws IOException {
        for (var object : objects()) {
            var elf = ElfFile.read(Files.readAllBytes(object));
            for (var section : elf.sections()) {
                if (!section.isCode()) continue;
                var name = object.getFileName() + " " + section.name();
                assertReadBack(style, Code.decode(section.bytes()), name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRandomProgramIsReadBackAsItWasPrinted(Style style) {
        for (long seed = 0; seed < 500; seed++) {
            assertReadBack(style, new RandomCode(new Random(seed)).code(40), "seed " + seed);
        }
    }

    private static void assertReadBack(Style style, Code code, String of) {
        var text = new Disassembler(style).print(code);

        assertThat(Assembler.assemble(text)).as("%s: %s", of, text).isEqualTo(code);
    }

    private static List<Path> objects() throws IOException {
        try (var files = Files.list(Fixtures.path("").getParent())) {
            return files.filter(f -> f.toString().endsWith(".bpf.o"))
                    .filter(f -> !f.toString().contains("big-endian"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aLineOfTheVerifiersLogIsRead() {
        var code =
                Assembler.assemble(
                        """
                        ; int *value = bpf_map_lookup_elem(&map, &key); @ a.bpf.c:12
                        0: (18) r1 = 0xffff888012345678       ; R1_w=map_ptr(map=m,ks=4,vs=4)
                        2: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1)
                        3: (15) if r0 == 0x0 goto pc+1
                        4: (61) r0 = *(u32 *)(r0 +0)
                        5: (95) exit
                        """);

        assertThat(code)
                .isEqualTo(
                        Assembler.assemble(
                                """
                                r1 = 0xffff888012345678 ll
                                call 1
                                if r0 == 0 goto +1
                                r0 = *(u32 *)(r0 + 0)
                                exit
                                """));
    }

    @Test
    void aLabelStandsForTheDistanceInSlots() {
        var labelled =
                Assembler.assemble(
                        """
                        start: if r1 == 0 goto end
                               r2 = 1 ll
                               call function
                               gotol start
                        end:
                               exit
                        function:
                               goto end
                        """);

        assertThat(labelled)
                .isEqualTo(
                        Assembler.assemble(
                                """
                                if r1 == 0 goto +4
                                r2 = 1 ll
                                call +2 <function>
                                gotol -5
                                exit
                                goto -2
                                """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r11 = 0",
                "r0 = r99999999999",
                "w0 = r1 r2",
                "r0 == 1",
                "r0 +++= 1",
                "if r0 = 1 goto +1",
                "r0 = *(u24 *)(r1 + 0)",
                "*(u64 *)(r1 + 32768) = 1",
                "r0 = bswap8 r0",
                "lock *(u16 *)(r1 + 0) += r2",
                "goto +32768",
                "goto",
                "hello",
            })
    void whatIsNoInstructionIsRefusedByItsLine(String text) {
        assertThatThrownBy(() -> Assembler.assemble("r0 = 0\n\n" + text + "\nexit"))
                .isInstanceOf(MalformedCodeException.class)
                .hasMessage("EINVAL: line 3: not an instruction: " + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r0 = 0x100000000",
                "r0 += 4294967296",
                "r0 = -2147483649",
                "*(u64 *)(r1 + 0) = 0x1ffffffff",
                "if r0 > 0x100000000 goto +1",
                "goto +4294967297",
                "gotol +4294967297",
                "call 4294967297",
                "r0 = 0x10000000000000000 ll",
            })
    void aNumberThatDoesNotFitIsRefused(String text) {
        assertThatThrownBy(() -> Assembler.assemble(text))
                .isInstanceOf(MalformedCodeException.class)
                .hasMessage("EINVAL: line 1: not an instruction: " + text);
    }

    @Test
    void thirtyTwoBitsWithoutASignAreTheSameBitsWithOne() {
        assertThat(Assembler.assemble("w0 = 0xffffffff")).isEqualTo(Assembler.assemble("w0 = -1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'goto away', line 2: no label away",
        "'call away', line 2: no label away",
        "'here: exit', line 2: label here again",
    })
    void aLabelIsDefinedExactlyOnce(String text, String problem) {
        assertThatThrownBy(() -> Assembler.assemble("here: r0 = 0\n" + text))
                .isInstanceOf(MalformedCodeException.class)
                .hasMessage("EINVAL: " + problem);
    }

    @Test
    void aLabelFartherThanSixteenBitsIsRefusedForAShortJumpOnly() {
        var between = "r0 = 0\n".repeat(Short.MAX_VALUE + 1);

        assertThatThrownBy(() -> Assembler.assemble("goto end\n" + between + "end: exit"))
                .isInstanceOf(MalformedCodeException.class)
                .hasMessageStartingWith("EINVAL: line 1: label end is 32768 instructions away");
        assertThat(Assembler.assemble("gotol end\n" + between + "end: exit").at(0).orElseThrow())
                .extracting(Instruction::immediate)
                .isEqualTo(32768L);
    }
}
