package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.sockmap.program.SocketPrograms;

import java.util.List;
import java.util.stream.Stream;

/** Small programs for the tests of what works on programs. */
final class Drafts {
    private Drafts() {}

    /** A program without jumps. */
    static Draft of(Instruction... instructions) {
        return new Draft(
                SocketPrograms.SK_MSG, Stream.of(instructions).<Line>map(Line.Op::new).toList());
    }

    static Line op(Instruction instruction) {
        return new Line.Op(instruction);
    }

    static Line op(Instruction instruction, String target) {
        return new Line.Op(instruction, target);
    }

    static Draft of(Line... lines) {
        return new Draft(SocketPrograms.SK_MSG, List.of(lines));
    }
}
