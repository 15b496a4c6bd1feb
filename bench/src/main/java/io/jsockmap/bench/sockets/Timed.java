package io.jsockmap.bench.sockets;

import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.RunResult;

import java.util.concurrent.CompletableFuture;

/** Adds up what runs take. Used by one thread. */
final class Timed implements Machine {
    private final Machine machine;
    private long runs;
    private long nanos;

    Timed(Machine machine) {
        this.machine = machine;
    }

    @Override
    public RunResult run(Program program, Environment environment, Region context, long second) {
        long start = System.nanoTime();
        var result = machine.run(program, environment, context, second);
        nanos += System.nanoTime() - start;
        runs++;
        return result;
    }

    @Override
    public CompletableFuture<Void> prepare(Program program) {
        return machine.prepare(program);
    }

    /** What a run took since this was last asked, the clock included. */
    double mean() {
        double mean = (double) nanos / runs;
        nanos = 0;
        runs = 0;
        return mean;
    }

    /** What the clock itself takes of that. */
    static double clock() {
        int times = 1_000_000;
        long sum = 0;
        for (int k = 0; k < times; k++) {
            long start = System.nanoTime();
            sum += System.nanoTime() - start;
        }
        return (double) sum / times;
    }
}
