package io.jsockmap.sockmap.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.program.SampleContexts;
import io.jsockmap.sockmap.program.SocketPrograms;

import org.junit.jupiter.api.Test;

import java.util.List;

/** A run of a compiled program allocates nothing. */
class CompiledRunAllocationTest {
    private static final String LOOKS_AT_PACKET_AND_MAP =
            """
            r6 = *(u32 *)(r1 + 76)
            r7 = *(u32 *)(r1 + 80)
            r0 = 0
            r2 = r6
            r2 += 1
            if r2 <= r7 goto +1
            exit
            r3 = *(u8 *)(r6 + 0)
            *(u64 *)(r10 - 8) = r3
            r1 = map[fd:0]
            r2 = r10
            r2 += -8
            call 1
            if r0 != 0 goto +1
            exit
            r1 = 1
            lock *(u64 *)(r0 + 0) += r1
            r0 = 1
            exit
            """;

    @Test
    void aRunThatCountsInAHashAllocatesNothing() throws ReflectiveOperationException {
        assumeTrue(Engines.isCompiled(), "the interpreter allocates");
        var counts = new HashMap(MapDefinition.of("counts", MapType.HASH, 8, 8, 4));
        counts.update(new byte[] {'G', 0, 0, 0, 0, 0, 0, 0}, new byte[8], UpdateFlag.ANY);
        var type = SocketPrograms.SK_SKB;
        var code = Assembler.assemble(LOOKS_AT_PACKET_AND_MAP);
        var program = new Program("count", type, code, List.of(counts), Debug.NONE);
        var verified = Verifier.verify(program, Options.DEFAULT).accepted();
        var machine = Engines.tested();
        var environment = Environment.system();
        var context = new SampleContexts().make(type, 0).orElseThrow();

        assertThat(machine.run(verified, environment, context).value()).isEqualTo(1);
        assertThat(new Allocation().of(() -> machine.run(verified, environment, context)))
                .isLessThan(1);
    }
}
