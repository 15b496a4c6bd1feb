package io.jsockmap.bpf.compiler.runtime;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.RunResult;

import java.util.Optional;

/** How runs end. Mostly as the one before, so that nothing is allocated. */
final class Outcome {
    static final int NOWHERE = -1;

    private static final RunResult NOTHING = new RunResult(0, 0, Optional.empty());

    private Program program;
    private int slot = NOWHERE;
    private RunResult last = NOTHING;
    private Program lastProgram;
    private int lastSlot = NOWHERE;

    /** A run begins. */
    void begin() {
        slot = NOWHERE;
    }

    /** The instruction at a slot set R0 last. */
    void decidedBy(Program program, int slot) {
        // A store costs the garbage collector.
        if (this.program != program) this.program = program;
        this.slot = slot;
    }

    /** Nothing of the runs so far is kept. */
    void forget() {
        program = null;
        last = NOTHING;
        lastProgram = null;
        lastSlot = NOWHERE;
        slot = NOWHERE;
    }

    /** The run ends with that R0. */
    RunResult of(long value) {
        boolean same =
                last.value() == value
                        && lastSlot == slot
                        && (slot == NOWHERE || lastProgram == program);
        if (same) return last;
        Optional<SourceLine> line = slot == NOWHERE ? Optional.empty() : program.lineOf(slot);
        lastSlot = slot;
        lastProgram = program;
        last = new RunResult(value, 0, line);
        return last;
    }
}
