package io.jsockmap.bpf.program;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.memory.Region;

import java.util.List;

/**
 * Sees runs from inside: what traces, coverage and debuggers are made of. It is called on the
 * thread of the run, in its order; runs may nest, where a program brings another one about, and
 * different threads have runs at the same time. What it is given is valid during the call only, and
 * is not to be changed.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="watched"}
 */
public interface RunWatcher {
    /** Sees nothing. */
    RunWatcher NONE = new RunWatcher() {};

    /** Several who see the same, one after the other. */
    static RunWatcher all(RunWatcher... watchers) {
        return new SeveralWatchers(List.of(watchers));
    }

    /** A run begins; also that of a callback, whose context is no {@link ContextRegion}. */
    default void begins(Run run, Region context) {}

    /**
     * An instruction is about to be executed.
     *
     * @param depth how many functions of the program have called each other, from 1
     * @param slot where it stands in {@link Run#program}
     * @param registers R0 to R10 before it
     */
    default void steps(Run run, int depth, int slot, long[] registers) {}

    /**
     * A helper or kfunc has been called and is done.
     *
     * @param instruction the call
     * @param name its name, {@code bpf_map_lookup_elem}
     * @param arguments R1 to R5 before the call, of which it takes the first
     * @param result R0 after it
     */
    default void called(
            Run run, Instruction instruction, String name, long[] arguments, long result) {}

    /** The run is at its end; what it reached is still there. */
    default void ends(Run run, RunResult result) {}

    /** The run was ended by a fault; what it reached is still there. */
    default void faults(Run run, ProgramFault fault) {}
}
