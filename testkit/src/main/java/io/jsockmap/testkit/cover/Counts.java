package io.jsockmap.testkit.cover;

import io.jsockmap.bpf.program.Program;

import java.util.concurrent.atomic.AtomicLongArray;

/** The counts of a program while they grow. */
final class Counts {
    private final Program program;
    private final AtomicLongArray executed;
    private final AtomicLongArray taken;

    Counts(Program program) {
        this.program = program;
        executed = new AtomicLongArray(program.code().size());
        taken = new AtomicLongArray(program.code().size());
    }

    void executed(int slot) {
        executed.getAndIncrement(slot);
    }

    void taken(int slot) {
        taken.getAndIncrement(slot);
    }

    ProgramCoverage now() {
        return new ProgramCoverage(program, copy(executed), copy(taken));
    }

    private static long[] copy(AtomicLongArray counts) {
        var copy = new long[counts.length()];
        for (int i = 0; i < copy.length; i++) copy[i] = counts.get(i);
        return copy;
    }
}
