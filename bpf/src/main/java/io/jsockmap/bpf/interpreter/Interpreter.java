package io.jsockmap.bpf.interpreter;

import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.ExitWatcher;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.RunWatcher;

import java.util.function.Supplier;

/**
 * The reference execution: plain, and checked at every access. No program, verified or not, can
 * reach outside of the regions it was given, or run for ever.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="machines"}
 */
public final class Interpreter implements Machine {
    /** Instructions a run may take; the kernel's verifier looks at no more than a million. */
    public static final long DEFAULT_LIMIT = 1L << 24;

    private final long limit;
    private final Watchers watchers;

    public Interpreter() {
        this(DEFAULT_LIMIT);
    }

    /**
     * @param limit how many instructions a run may take before it is ended with a fault
     */
    public Interpreter(long limit) {
        this(limit, Watchers.NONE);
    }

    private Interpreter(long limit, Watchers watchers) {
        this.limit = limit;
        this.watchers = watchers;
    }

    /** The same, telling what programs leave in their registers. */
    public Interpreter watchedBy(ExitWatcher watcher) {
        return new Interpreter(limit, watchers.with(watcher));
    }

    /** The same, which lets somebody see its runs from inside. */
    public Interpreter watchedBy(RunWatcher watcher) {
        return new Interpreter(limit, watchers.with(watcher));
    }

    @Override
    public RunResult run(Program program, Environment environment, Region context, long second) {
        return onCpu(
                () ->
                        new Interpretation(program, environment, limit, watchers)
                                .run(context, second));
    }

    /** A callback that is called after its run has a CPU to itself too. */
    static RunResult onCallbackCpu(Supplier<RunResult> run) {
        boolean entered = Cpu.enterCallback();
        try {
            return run.get();
        } finally {
            if (entered) Cpu.leaveCallback();
        }
    }

    private static RunResult onCpu(Supplier<RunResult> run) {
        boolean entered = Cpu.enter();
        try {
            return run.get();
        } finally {
            if (entered) Cpu.leave();
        }
    }
}
