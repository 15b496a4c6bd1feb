package io.jsockmap.bpf.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that a compiler gets wrong easily: each does the same on both machines. */
class SameAsInterpretedTest {
    private static final long LIMIT = 1 << 20;

    private static final Machine COMPILED = CompilingMachine.atOnce(LIMIT);
    private static final Machine IN_PIECES = CompilingMachine.atOnce(LIMIT).cuttingAbove(3);
    private static final Machine INTERPRETED = new Interpreter(LIMIT);

    /** The mark that programs see is 0x04030201. */
    private static Region context() {
        return Packets.of(new byte[] {1, 0, 0, 0, 7});
    }

    private static long run(Machine machine, Program program) {
        return machine.run(program, Environment.system(), context()).value();
    }

    private static void isSame(Program program, long expected) {
        assertThat(run(INTERPRETED, program)).isEqualTo(expected);
        assertThat(run(COMPILED, program)).isEqualTo(expected);
        assertThat(run(IN_PIECES, program)).isEqualTo(expected);
    }

    private static void faults(Program program, String why) {
        for (var machine : new Machine[] {INTERPRETED, COMPILED}) {
            assertThatThrownBy(() -> run(machine, program))
                    .isInstanceOf(ProgramFault.class)
                    .hasMessageContaining(why);
        }
    }

    /** The second place must be as well known to be in memory as the first. */
    private static String atTwoPlaces(String access) {
        return """
        r6 = *(u32 *)(r1 + 16)
        r7 = r6
        r6 &= 7
        r7 &= 1
        r3 = 0x0101010101010101 ll
        r4 = 0x0202020202020202 ll
        *(u64 *)(r10 - 8) = r3
        *(u64 *)(r10 - 16) = r3
        *(u64 *)(r10 - 64) = r4
        *(u64 *)(r10 - 72) = r4
        r2 = r10
        r2 += -16
        r2 += r6
        if r7 != 0 goto +3
        r2 = r10
        r2 += -72
        r2 += r6
        """
                + access
                + "\nexit";
    }

    @Test
    void aPlaceOnTheStackThatVariesIsLoaded() {
        isSame(Packets.verified(atTwoPlaces("r0 = *(u8 *)(r2 + 0)")), 1);
    }

    @Test
    void aPlaceOnTheStackThatVariesIsStored() {
        var code =
                atTwoPlaces(
                        """
                        r1 = 9
                        *(u8 *)(r2 + 0) = r1
                        r0 = *(u64 *)(r10 - 16)
                        r1 = *(u64 *)(r10 - 72)
                        r0 ^= r1
                        """);
        var program = Packets.verified(code);

        isSame(program, run(INTERPRETED, program));
    }

    @Test
    void aKeyInThePacketIsFound() {
        var map = new ArrayMap(MapDefinition.of("counts", MapType.ARRAY, 4, 8, 2));
        map.memory().store(null, 8, 8, 5);
        var code =
                Packets.with(
                        4,
                        """
                        r1 = map[fd:0]
                        r2 = r6
                        call 1
                        if r0 != 0 goto +1
                        exit
                        r0 = *(u64 *)(r0 + 0)
                        """);

        isSame(Packets.verified(code, map), 5);
    }

    @Test
    void aRefusedInstructionLeavesNothingBehind() {
        var code =
                """
                r6 = *(u32 *)(r1 + 16)
                if r6 != 0 goto +2
                r2 = 5
                r10 = r2
                r2 = 7
                r3 = r6
                r0 = r2
                exit
                """;

        isSame(Packets.program(code), 7);
    }

    @Test
    void functionsThatCallEachOtherOverAndOverEnd() {
        var code = new StringBuilder();
        for (int function = 0; function < 6; function++) {
            for (int call = 30; call > 0; call--) code.append("call +%d\n".formatted(call));
            code.append("exit\n");
        }

        faults(Packets.program(code + "r0 = 1\nexit"), "ran for more than");
    }

    /** Each loop is one that the verifier takes, and both together take minutes. */
    @Test
    void loopsOfIteratorsEnd() {
        var code =
                """
                r1 = r10
                r1 += -8
                r2 = 0
                r3 = 100000
                call kfunc#%1$d@0
                outer:
                r1 = r10
                r1 += -8
                call kfunc#%2$d@0
                if r0 == 0 goto end
                r1 = r10
                r1 += -16
                r2 = 0
                r3 = 100000
                call kfunc#%1$d@0
                inner:
                r1 = r10
                r1 += -16
                call kfunc#%2$d@0
                if r0 != 0 goto inner
                r1 = r10
                r1 += -16
                call kfunc#%3$d@0
                goto outer
                end:
                r1 = r10
                r1 += -8
                call kfunc#%3$d@0
                r0 = 0
                exit
                """
                        .formatted(
                                Packets.kfunc("bpf_iter_num_new"),
                                Packets.kfunc("bpf_iter_num_next"),
                                Packets.kfunc("bpf_iter_num_destroy"));

        faults(Packets.verified(code), "ran for more than");
    }

    @ParameterizedTest
    @ValueSource(ints = {94, 7})
    void aHelperOfARegisterIsCalledUnderALockIfItMayBe(int helper) {
        var map = new ArrayMap(MapDefinition.of("locks", MapType.ARRAY, 4, 8, 1));
        var code =
                """
                r6 = map[idx:0][0]+0
                r1 = r6
                call 93
                r1 = r6
                r7 = %d
                callx r7
                r0 = 3
                exit
                """
                        .formatted(helper);

        if (helper == 94) isSame(Packets.program(code, map), 3);
        else faults(Packets.program(code, map), "while holding a lock");
    }
}
