package io.jsockmap.bpf.examples;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.helper.MapHelpers;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;

import java.util.List;

/** What the programs of the examples are given: R1 points to a length, and a port at 4. */
record Message(int length, int port) {
    static final ContextLayout<Message> FIELDS =
            ContextLayout.<Message>of("struct message", 8)
                    .exact(0, 4, "length", Message::length)
                    .exact(4, 4, "port", Message::port)
                    .build();

    /** Programs that see a message. */
    static final ProgramType TYPE =
            new ProgramType(
                    "message",
                    1,
                    FIELDS,
                    Helper.table(BaseHelpers.ALL, BaseHelpers.TRACING, MapHelpers.ALL),
                    Kfuncs.COMMON);

    /** What R1 points to. */
    ContextRegion<Message> context() {
        return new ContextRegion<>("message", FIELDS, this);
    }

    /** A program that sees a message, and refers to maps by their places. */
    static Program program(String text, BpfMap... maps) {
        return new Program("judge", TYPE, Assembler.assemble(text), List.of(maps), Debug.NONE);
    }
}
