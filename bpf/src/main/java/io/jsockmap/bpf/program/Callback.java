package io.jsockmap.bpf.program;

import io.jsockmap.bpf.memory.Region;

/**
 * A function of a program that is called when the run that named it may be long over.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="callback"}
 */
@FunctionalInterface
public interface Callback {
    /**
     * Runs the function as a run of its own, on this thread.
     *
     * @param arguments what R1 and so on point to
     * @throws ProgramFault if it did what no program may
     */
    RunResult run(Region... arguments);
}
