package io.jsockmap.bpf.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Programs that compiled code once ran differently, as small as they could be made. */
class DisagreementsTest {
    private static final int MOVE = 39;

    /** A packet that a helper moves, and changes by that. */
    private static final class Packet {
        private byte first = 1;
        private ByteRegion bytes = make();

        private ByteRegion make() {
            return ByteRegion.of("packet", MemorySegment.ofArray(new byte[] {first, 0, 0, 0}));
        }

        long move(Memory memory) {
            memory.revoke(bytes);
            first++;
            bytes = make();
            return 0;
        }
    }

    private static final ContextLayout<Packet> CONTEXT =
            ContextLayout.<Packet>of("struct test", 16)
                    .pointer(0, 8, "data", Content.PACKET, (p, m) -> m.enterPacket(p.bytes))
                    .pointer(8, 8, "end", Content.PACKET_END, (p, m) -> m.enterPacket(p.bytes) + 4)
                    .build();

    private static final Helper MOVES =
            Helper.of(
                            MOVE,
                            (run, a) -> run.context(a[0], Packet.class).move(run.memory()),
                            Result.NUMBER,
                            Argument.CONTEXT)
                    .with(CallTrait.CHANGES_PACKET);

    private static final ProgramType TYPE =
            new ProgramType("test", 1, CONTEXT, Helper.table(BaseHelpers.ALL, List.of(MOVES)));

    private static long run(Machine machine, String code) {
        var program = Program.of("test", TYPE, Assembler.assemble(code));
        return machine.run(
                        Verifier.verify(program, Options.DEFAULT).accepted(),
                        Environment.system(),
                        new ContextRegion<>("context", CONTEXT, new Packet()),
                        0)
                .value();
    }

    @Test
    void aPacketThatACallbackMovedIsReadByItsNewAddress() {
        var code =
                """
                *(u64 *)(r10 - 8) = r1
                r7 = *(u64 *)(r1 + 0)
                r8 = *(u64 *)(r1 + 8)
                *(u64 *)(r10 - 16) = r7
                *(u64 *)(r10 - 24) = r8
                r1 = 1
                r2 = subprog[+13]
                r3 = r10
                r3 += -24
                r4 = 0
                call 181
                r1 = *(u64 *)(r10 - 16)
                r2 = *(u64 *)(r10 - 24)
                r3 = r1
                r3 += 1
                r0 = 0
                if r3 > r2 goto +1
                r0 = *(u8 *)(r1 + 0)
                exit
                r7 = r2
                r6 = *(u64 *)(r7 + 16)
                r1 = r6
                call 39
                r1 = *(u64 *)(r6 + 0)
                r2 = *(u64 *)(r6 + 8)
                *(u64 *)(r7 + 8) = r1
                *(u64 *)(r7 + 0) = r2
                r0 = 0
                exit
                """;

        assertThat(run(new Interpreter(), code)).isEqualTo(2);
        assertThat(run(CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT), code)).isEqualTo(2);
    }
}
