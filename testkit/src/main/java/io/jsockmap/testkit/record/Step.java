package io.jsockmap.testkit.record;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.program.Program;

import java.util.Optional;

/**
 * An instruction of a run, about to be executed.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="way"}
 *
 * @param program the program that it belongs to; after a tail call another one than at the start
 * @param slot where it stands in the program
 * @param depth how many functions have called each other, from 1
 * @param frame the number of its function's {@link Frame}
 * @param registers R0 to R10 before it; nobody changes them
 */
public record Step(Program program, int slot, int depth, int frame, long[] registers) {
    /** The instruction. */
    public Instruction instruction() {
        return program.slot(slot);
    }

    /** The C line that it comes from, as far as the object file tells. */
    public Optional<SourceLine> line() {
        return program.lineOf(slot);
    }
}
