package io.jsockmap.bpf.program;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.memory.Region;

import java.util.List;

/** Tells each of some watchers, in their order. */
record SeveralWatchers(List<RunWatcher> all) implements RunWatcher {
    SeveralWatchers {
        all = List.copyOf(all);
    }

    @Override
    public void begins(Run run, Region context) {
        for (var watcher : all) watcher.begins(run, context);
    }

    @Override
    public void steps(Run run, int depth, int slot, long[] registers) {
        for (var watcher : all) watcher.steps(run, depth, slot, registers);
    }

    @Override
    public void called(
            Run run, Instruction instruction, String name, long[] arguments, long result) {
        for (var watcher : all) watcher.called(run, instruction, name, arguments, result);
    }

    @Override
    public void ends(Run run, RunResult result) {
        for (var watcher : all) watcher.ends(run, result);
    }

    @Override
    public void faults(Run run, ProgramFault fault) {
        for (var watcher : all) watcher.faults(run, fault);
    }
}
