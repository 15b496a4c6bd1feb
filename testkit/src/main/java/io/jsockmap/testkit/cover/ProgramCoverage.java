package io.jsockmap.testkit.cover;

import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.program.Program;

/**
 * What was counted of a program. Immutable.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="program"}
 */
public final class ProgramCoverage {
    private final Program program;
    private final long[] executed;
    private final long[] taken;

    ProgramCoverage(Program program, long[] executed, long[] taken) {
        this.program = program;
        this.executed = executed;
        this.taken = taken;
    }

    /** The program. */
    public Program program() {
        return program;
    }

    /** How often the instruction at a slot was executed. */
    public long executed(int slot) {
        return executed[slot];
    }

    /** Whether a conditional jump stands at a slot; may_goto is none, whom the runtime decides. */
    public boolean isBranch(int slot) {
        var instruction = program.slot(slot);
        return instruction != null && instruction.operation() instanceof Jump;
    }

    /** How often the conditional jump at a slot was taken. */
    public long taken(int slot) {
        return taken[slot];
    }

    /** How often the conditional jump at a slot was not taken. */
    public long notTaken(int slot) {
        // Of counts read while a program runs, one may be older than the other.
        return Math.max(0, executed[slot] - taken[slot]);
    }

    /** How many of its instructions were executed at least once. */
    public int instructionsHit() {
        int hit = 0;
        for (long count : executed) if (count > 0) hit++;
        return hit;
    }

    /** How many instructions it has. */
    public int instructions() {
        return program.code().instructions().size();
    }
}
