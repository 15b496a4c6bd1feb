package io.jsockmap.bpf.interpreter;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ExitWatcher;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.RunWatcher;

import java.util.Arrays;
import java.util.Optional;

/**
 * Who looks on while programs run; mostly nobody.
 *
 * @param atExit is told of registers
 * @param within is told of everything
 */
record Watchers(Optional<ExitWatcher> atExit, Optional<RunWatcher> within) {
    static final Watchers NONE = new Watchers(Optional.empty(), Optional.empty());

    Watchers with(ExitWatcher watcher) {
        return new Watchers(Optional.of(watcher), within);
    }

    Watchers with(RunWatcher watcher) {
        return new Watchers(atExit, Optional.of(watcher));
    }

    void begins(Run run, Region context) {
        if (within.isPresent()) within.get().begins(run, context);
    }

    void steps(Run run, int depth, int slot, long[] registers) {
        if (within.isPresent()) within.get().steps(run, depth, slot, registers);
    }

    void called(Run run, Instruction call, String name, long[] arguments, long result) {
        if (within.isPresent()) within.get().called(run, call, name, arguments, result);
    }

    void exits(long[] registers) {
        if (atExit.isPresent()) atExit.get().exits(Arrays.copyOf(registers, Code.FRAME_POINTER));
    }

    void ends(Run run, RunResult result) {
        if (within.isPresent()) within.get().ends(run, result);
    }

    /** Gives the fault back, to be thrown. */
    ProgramFault faults(Run run, ProgramFault fault) {
        if (within.isPresent()) within.get().faults(run, fault);
        return fault;
    }
}
