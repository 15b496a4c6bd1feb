package io.jsockmap.testkit.cover;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.RunWatcher;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Counts how often each instruction of each program was executed, and which way each conditional
 * jump went: {@code new Interpreter().watchedBy(coverage)}. Any number of threads may run programs.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="report"}
 */
public final class Coverage implements RunWatcher {
    /** By the programs' ids; replaced by a longer one when an id is beyond its end. */
    private volatile Counts[] byProgram = {};

    /** Counts a program too that is never run, so that a report shows it. */
    public void include(Program program) {
        var _ = countsOf(program);
    }

    @Override
    public void steps(Run run, int depth, int slot, long[] registers) {
        var program = run.program();
        var counts = countsOf(program);
        counts.executed(slot);
        var instruction = program.slot(slot);
        if (instruction.operation() instanceof Jump jump && holds(instruction, jump, registers)) {
            counts.taken(slot);
        }
    }

    /** Whether a jump is taken: as the interpreter finds it, which goes there next. */
    private static boolean holds(Instruction i, Jump jump, long[] registers) {
        long other = jump.source() == Source.REGISTER ? registers[i.src()] : i.immediate();
        return jump.holds(registers[i.dst()], other);
    }

    private Counts countsOf(Program program) {
        var all = byProgram;
        int id = program.id();
        var counts = id < all.length ? all[id] : null;
        return counts == null ? add(program) : counts;
    }

    private synchronized Counts add(Program program) {
        int id = program.id();
        var all = id < byProgram.length ? byProgram.clone() : Arrays.copyOf(byProgram, id + 1);
        if (all[id] == null) all[id] = new Counts(program);
        byProgram = all;
        return all[id];
    }

    /** What was counted of a program so far. */
    public ProgramCoverage of(Program program) {
        return countsOf(program).now();
    }

    /** What was counted so far, of all programs that were run or included. */
    public List<ProgramCoverage> programs() {
        return Stream.of(byProgram).filter(Objects::nonNull).map(Counts::now).toList();
    }

    /** What was counted so far by files, functions and lines of C. */
    public SourceCoverage sources() {
        return SourceCoverage.of(programs());
    }
}
