package io.jsockmap.bpf.compiler;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.helper.MapHelpers;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** A type of program that sees a packet, for the tests of this package. */
record Packets(ByteRegion bytes) {
    private static final ContextLayout<Packets> FIELDS =
            ContextLayout.<Packets>of("struct packet", 24)
                    .pointer(0, 8, "data", Content.PACKET, Packets::data)
                    .pointer(8, 8, "data_end", Content.PACKET_END, Packets::dataEnd)
                    .narrow(16, 4, "mark", _ -> 0x0403_0201)
                    .build();

    static final ProgramType TYPE =
            new ProgramType(
                    "packets",
                    3,
                    FIELDS,
                    Helper.table(BaseHelpers.ALL, MapHelpers.ALL),
                    Kfuncs.COMMON);

    /** Begins each program that looks at so many bytes: R6 is the packet; without them it is 0. */
    static String with(int bytes, String code) {
        return """
        r6 = *(u64 *)(r1 + 0)
        r7 = *(u64 *)(r1 + 8)
        r0 = 0
        r2 = r6
        r2 += %d
        if r2 <= r7 goto +1
        exit
        """
                        .formatted(bytes)
                + code
                + "\nexit";
    }

    static Region of(byte... bytes) {
        var region = ByteRegion.of("packet", MemorySegment.ofArray(bytes));
        return new ContextRegion<>("context", FIELDS, new Packets(region));
    }

    private long data(Memory memory) {
        return memory.enterPacket(bytes);
    }

    private long dataEnd(Memory memory) {
        return memory.enterPacket(bytes) + bytes.size();
    }

    /** The number that a call of one of the kernel's functions has. */
    static int kfunc(String name) {
        return TYPE.placeOfKfunc(name).orElseThrow();
    }

    static Program program(String code, BpfMap... maps) {
        return new Program("test", TYPE, Assembler.assemble(code), List.of(maps), Debug.NONE);
    }

    /** The same with what the verifier proves of it. */
    static Program verified(String code, BpfMap... maps) {
        return Verifier.verify(program(code, maps), Options.DEFAULT).accepted();
    }
}
