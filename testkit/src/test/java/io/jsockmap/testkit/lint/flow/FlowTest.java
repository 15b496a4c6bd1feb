package io.jsockmap.testkit.lint.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Opcodes;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.testkit.lint.flow.Value.Constant;
import io.jsockmap.testkit.lint.flow.Value.Field;
import io.jsockmap.testkit.lint.flow.Value.Vague;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is known of values, whatever the path. */
class FlowTest {
    private static Flow flow(String text) {
        return flow(Assembler.assemble(text));
    }

    private static Flow flow(Code code) {
        return Flow.of(Program.of("trial", SocketPrograms.SK_MSG, code), true);
    }

    /** remote_port is at 60, local_port at 64; the numbers are the bits that may be set. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    r0 = *(u32 *)(r1 + 60)               | ffff0000 | remote_port
                    r0 = *(u32 *)(r1 + 64)               | ffff     | local_port
                    r0 = *(u32 *)(r1 + 60); r0 = be32 r0 | ffff     | bpf_ntohl(remote_port)
                    r0 = *(u32 *)(r1 + 60); r0 = be16 r0 | 0        | bpf_ntohs(remote_port)
                    r0 = *(u32 *)(r1 + 60); r0 >>= 16    | ffff     | (remote_port >> 16)
                    r0 = *(u32 *)(r1 + 64); w0 <<= 16    | ffff0000 | (local_port << 16)
                    r0 = *(u32 *)(r1 + 60); w0 &= 65535  | 0        | (remote_port & 0xffff)
                    r0 = *(u32 *)(r1 + 60); w2 = w0; *(u64 *)(r10 - 8) = r2; r0 = *(u64 *)(r10 - 8) | ffff0000 | remote_port
                    """)
    void theBitsOfAPortAreFollowed(String code, String mask, String text) {
        var result = flow(code.replace("; ", "\n") + "\nexit").result();
        assertThat(result)
                .isInstanceOfSatisfying(
                        Field.class,
                        field -> {
                            assertThat(field.mask()).isEqualTo(Long.parseLong(mask, 16));
                            assertThat(field.text()).isEqualTo(text);
                        });
    }

    @Test
    void twoPathsGiveOneOfTwoNumbers() {
        var flow =
                flow(
                        """
                        r2 = *(u32 *)(r1 + 68)
                        r0 = 1
                        if r2 > 10 goto end
                        r0 = 0
                        end: exit
                        """);
        assertThat(flow.result().each()).containsOnly(new Constant(1, 1), new Constant(0, 3));
        assertThat(flow.result().constant()).isEmpty();
    }

    @Test
    void aLoopThatCountsComesToAnEnd() {
        var flow =
                flow(
                        """
                        r0 = 0
                        again: r0 += 1
                        if r0 < 1000 goto again
                        exit
                        """);
        assertThat(flow.result()).isEqualTo(Vague.UNKNOWN);
    }

    @Test
    void bytesOfTheStackAreWrittenOnAllPathsOrOnSome() {
        var flow =
                flow(
                        """
                        r6 = r1
                        *(u32 *)(r10 - 8) = 0
                        r2 = *(u32 *)(r1 + 68)
                        if r2 > 10 goto call
                        *(u16 *)(r10 - 4) = 0
                        call: call 5
                        r0 = 1
                        exit
                        """);
        var before = flow.calls().getFirst().before();
        assertThat(before.isSurelyWritten(-8)).isTrue();
        assertThat(before.isSurelyWritten(-4)).isFalse();
        assertThat(before.isMaybeWritten(-4)).isTrue();
        assertThat(before.isMaybeWritten(-2)).isFalse();
    }

    @Test
    void whatAFunctionWasHandedItMayWriteTo() {
        var flow =
                flow(
                        """
                        r1 = r10
                        r1 += -8
                        call fill
                        call 5
                        r0 = 1
                        exit
                        fill: *(u64 *)(r1 + 0) = 0
                        r0 = 0
                        exit
                        """);
        var before = flow.calls().getFirst().before();
        assertThat(before.isSurelyWritten(-8)).isTrue();
        assertThat(before.isMaybeWritten(-16)).isFalse();
    }

    @Test
    void aResultIsReadOnOnePathOrNone() {
        var flow =
                flow(
                        """
                        r6 = r1
                        call 5
                        r1 = r6
                        call 5
                        r7 = r0
                        r2 = *(u32 *)(r6 + 68)
                        if r2 > 10 goto end
                        r0 = 1
                        exit
                        end: r0 = r7
                        exit
                        """);
        assertThat(flow.calls()).extracting(flow::isResultRead).containsExactly(false, true);
    }

    /** What no verifier would take: nothing of it may stop a lint. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "r0 = 1",
                "goto +100\nexit",
                "r0 = 0 ll\nexit",
                "call self\nself: call self\nexit",
                "r10 = 5\nr0 = 1\nexit",
                "*(u64 *)(r10 + 100) = 1\nr0 = *(u64 *)(r10 - 1000)\nexit",
                "again: goto again",
            })
    void aProgramNeedNotBeALegalOne(String text) {
        assertThat(flow(text).calls()).isEmpty();
    }

    @Test
    void aProgramOfNoInstructionsHasNoResult() {
        assertThat(flow(Code.of(List.of())).result()).isEqualTo(Vague.UNKNOWN);
    }

    /** Any mixture of instructions, jumps into nowhere included: it always comes to an end. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anyProgramIsLookedAtToTheEnd(long seed) {
        var random = new Random(seed);
        for (int n = 0; n < 300; n++) {
            var instructions = new ArrayList<Instruction>();
            for (int i = 0; i < 40; i++) {
                var row = Opcodes.TABLE.get(random.nextInt(Opcodes.TABLE.size()));
                instructions.add(
                        new Instruction(
                                row,
                                random.nextInt(11),
                                random.nextInt(11),
                                random.nextInt(60) - 30,
                                random.nextInt(80) - 10));
            }
            var flow = flow(Code.of(instructions));
            var visited = new ArrayList<Integer>();
            flow.walk((slot, _, _) -> visited.add(slot));
            assertThat(visited).as("seed %d, program %d", seed, n).doesNotHaveDuplicates();
        }
    }
}
