package io.jsockmap.bpf.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What one program may take of the process: memory, time and CPUs. */
class ResourceLimitsTest {
    private static final int MIB = 1 << 20;
    private static final Machine UNLIMITED = Engines.tested(Long.MAX_VALUE);
    private static final ByteRegion CONTEXT = ByteRegion.allocate("context", 4 * MIB);

    @Test
    void aRunCanNotKeepEveryValueThatItReplaces() {
        var hash = new HashMap(MapDefinition.of("large", MapType.HASH, 8, MIB, 1));
        var program =
                program(
                        """
                        r6 = r1
                        loop:
                        r1 = map[fd:0]
                        r2 = r6
                        r3 = r6
                        r4 = 0
                        call 2
                        r1 = map[fd:0]
                        r2 = r6
                        call 1
                        goto loop
                        """,
                        hash);

        assertThatThrownBy(() -> UNLIMITED.run(program, Environment.system(), CONTEXT))
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("bytes in one run");
    }

    @Test
    void aHashThatIsFilledWithoutEndGivesENOMEM() {
        var hash = new HashMap(MapDefinition.of("endless", MapType.HASH, 8, 4 * MIB - 64, 1 << 30));
        var program =
                program(
                        """
                        r6 = r1
                        r7 = 0
                        loop:
                        r7 += 1
                        *(u64 *)(r10 - 8) = r7
                        r1 = map[fd:0]
                        r2 = r10
                        r2 += -8
                        r3 = r6
                        r4 = 1
                        call 2
                        if r0 == 0 goto loop
                        exit
                        """,
                        hash);

        long result = UNLIMITED.run(program, Environment.system(), CONTEXT).value();

        assertThat(result).isEqualTo(-12);
        hash.keys().forEach(hash::delete);
        assertThat(UNLIMITED.run(program, Environment.system(), CONTEXT).value()).isEqualTo(-12);
    }

    @Test
    void aHelperThatGoesThroughMuchMemoryCountsForManyInstructions() {
        var program =
                program(
                        """
                        r6 = r1
                        loop:
                        r1 = r6
                        r2 = %d
                        r3 = r6
                        call 182
                        goto loop
                        """
                                .formatted(4 * MIB));

        assertThatThrownBy(() -> run(program, Environment.system()))
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining("ran for more than");
    }

    @Test
    void aMayGotoLoopOfHelpersIsLeftBeforeTheRunIsTooLong() {
        var text = "loop: may_goto end\ncall 7\ngoto loop\nend: r0 = 5\nexit";

        assertThat(run(program(text), Environment.system())).isEqualTo(5);
    }

    /** A helper may cause a run: here a trace that runs a program, once for each CPU and more. */
    @Test
    void aRunWithinARunSharesItsCpuAndGivesNoneAway() {
        var inner = program("call 8\nexit");
        var outer =
                program(
                        """
                        *(u32 *)(r10 - 4) = 0x6b6f
                        r1 = r10
                        r1 += -4
                        r2 = 4
                        call 6
                        call 8
                        exit
                        """);
        List<Long> cpus = new ArrayList<>();
        var environment =
                Environment.system().tracingTo(_ -> cpus.add(run(inner, Environment.system())));

        for (int i = 0; i <= Cpu.COUNT; i++) {
            long cpu = run(outer, environment);
            assertThat(cpus.removeLast()).isEqualTo(cpu);
        }
    }

    private static Program program(String text, BpfMap... maps) {
        var code = Assembler.assemble(text);
        return new Program("program", Fixtures.PLAIN, code, List.of(maps), new TreeMap<>());
    }

    private static long run(Program program, Environment environment) {
        return Engines.tested().run(program, environment, CONTEXT).value();
    }
}
