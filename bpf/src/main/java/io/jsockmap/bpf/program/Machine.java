package io.jsockmap.bpf.program;

import io.jsockmap.bpf.memory.Region;

import java.util.concurrent.CompletableFuture;

/**
 * The seam between executions: whatever runs programs does so by this. Thread-safe.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="machines"}
 */
public interface Machine {

    /**
     * Runs a program to its end.
     *
     * @param context what R1 points to
     * @param second what R2 holds
     * @throws ProgramFault if the program did what no program may; it has no other effect then than
     *     what it wrote before
     */
    RunResult run(Program program, Environment environment, Region context, long second);

    /**
     * Makes ready for runs of a program, which need not wait for it.
     *
     * @return is completed when all is ready
     */
    default CompletableFuture<Void> prepare(Program program) {
        return CompletableFuture.completedFuture(null);
    }

    /** Runs a program that takes nothing but its context. */
    default RunResult run(Program program, Environment environment, Region context) {
        return run(program, environment, context, 0);
    }
}
