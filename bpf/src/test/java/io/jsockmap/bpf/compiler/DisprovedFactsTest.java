package io.jsockmap.bpf.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.SlotFacts;
import io.jsockmap.bpf.program.StackUse;
import io.jsockmap.bpf.program.Target;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** A verifier that is wrong: programs then fault, and reach nothing that is not theirs. */
class DisprovedFactsTest {
    private static final Machine COMPILED = CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT);

    private static final StackUse STACK = new StackUse(new BitSet(), -512, true);

    private final Region context = Packets.of(new byte[16]);

    /** The program, of which all accesses are said to go there. */
    private static Program claiming(Target target, Program program) {
        List<SlotFacts> facts = new ArrayList<>();
        for (int slot = 0; slot < program.code().size(); slot++) {
            facts.add(new SlotFacts(target, List.of(), List.of(), false, false));
        }
        return program.with(new Facts(facts, Map.of(0, STACK)));
    }

    private void faults(Program program) {
        assertThatThrownBy(() -> COMPILED.run(program, Environment.system(), context))
                .isInstanceOf(ProgramFault.class);
    }

    @ParameterizedTest
    @CsvSource({
        "r0 = *(u64 *)(r1 + 0)",
        "r0 = *(u8 *)(r1 + 0)",
        "*(u64 *)(r1 + 0) = 1",
        "*(u8 *)(r1 - 8) = 1",
    })
    void anAccessThatIsNotInThePacketFaults(String access) {
        faults(claiming(Target.PACKET, Packets.program(access + "\nr0 = 0\nexit")));
    }

    @ParameterizedTest
    @CsvSource({"16, 1", "15, 2", "12, 8", "-1, 1", "2147483647, 1"})
    void bytesOutsideOfThePacketFault(int offset, int size) {
        var bits = size * Byte.SIZE;
        var proven = Packets.verified(Packets.with(1, "r6 += 0\nr8 = *(u8 *)(r6 + 0)\nr0 = 0"));
        var code =
                Packets.with(1, "r6 += %d\nr8 = *(u%d *)(r6 + 0)\nr0 = 0".formatted(offset, bits));
        faults(Packets.program(code).with(proven.facts().orElseThrow()));
    }

    @Test
    void aPointerIntoAnotherRegionIsNoneIntoTheFrame() {
        faults(claiming(Target.FRAME, Packets.program("r0 = *(u64 *)(r1 + 0)\nexit")));
    }

    @Test
    void aNumberIsNoPointerToPlainMemory() {
        faults(claiming(Target.PLAIN, Packets.program("r2 = 5\nr0 = *(u64 *)(r2 + 0)\nexit")));
    }

    @Test
    void aContextIsNotPlainMemory() {
        faults(claiming(Target.PLAIN, Packets.program("r0 = *(u64 *)(r1 + 0)\nexit")));
    }

    @Test
    void aMapThatProgramsMayOnlyReadIsNotWritten() {
        var map =
                new ArrayMap(
                        MapDefinition.of("constants", MapType.ARRAY, 4, 8, 1)
                                .withFlags(BpfMap.RDONLY_PROG));
        var store = "r1 = map[idx:0][0]+0\n*(u64 *)(r1 + 0) = 1\nr0 = 0\nexit";

        faults(claiming(Target.PLAIN, Packets.program(store, map)));

        assertThat(map.memory().segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                .containsOnly(0);
    }
}
