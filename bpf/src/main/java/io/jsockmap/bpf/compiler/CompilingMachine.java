package io.jsockmap.bpf.compiler;

import io.jsockmap.bpf.compiler.runtime.Linked;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.ExitWatcher;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Prepared;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.RunResult;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs programs as JVM bytecode. A short program is compiled before it runs first; a long one in
 * the background, while the interpreter runs it. What can't be compiled stays with the interpreter.
 *
 * <p>The class of a program goes with the program: nothing else refers to it.
 */
public final class CompilingMachine implements Machine {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.bpf.compiler");

    /** Slots of a program that is compiled at once; that takes a few milliseconds. */
    private static final int SHORT = 512;

    /** One thread: compiling is not to take the CPUs from what runs. */
    private static final ExecutorService BACKGROUND =
            Executors.newSingleThreadExecutor(
                    task -> {
                        var thread = new Thread(task, "jsockmap-compiler");
                        thread.setDaemon(true);
                        return thread;
                    });

    private final Interpreter interpreter;
    private final Optional<ExitWatcher> watcher;
    private final long limit;
    private final int atOnce;
    private final Rehearsal rehearsal;

    private CompilingMachine(
            long limit, int atOnce, Optional<ExitWatcher> watcher, Rehearsal rehearsal) {
        this.rehearsal = rehearsal;
        this.limit = limit;
        this.atOnce = atOnce;
        this.watcher = watcher;
        var plain = new Interpreter(limit);
        interpreter = watcher.map(plain::watchedBy).orElse(plain);
    }

    /** A machine that compiles long programs in the background. */
    public CompilingMachine() {
        this(Rehearsal.NONE);
    }

    /** The same, which tries out in the background what it was told to {@link #prepare}. */
    public CompilingMachine(Rehearsal rehearsal) {
        this(Interpreter.DEFAULT_LIMIT, SHORT, Optional.empty(), rehearsal);
    }

    /**
     * A machine that compiles every program before it runs first.
     *
     * @param limit how many instructions a run may take before it is ended with a fault, as far as
     *     they are not known to come to an end
     */
    public static CompilingMachine atOnce(long limit) {
        return new CompilingMachine(limit, Integer.MAX_VALUE, Optional.empty(), Rehearsal.NONE);
    }

    /** The same, telling what programs leave in their registers. */
    public CompilingMachine watchedBy(ExitWatcher watcher) {
        return new CompilingMachine(limit, atOnce, Optional.of(watcher), rehearsal);
    }

    /** Stands for a program's class while it is made, or if it can't be. */
    private enum Without implements Prepared {
        YET,
        EVER
    }

    @Override
    public RunResult run(Program program, Environment environment, Region context, long second) {
        var compiled = compiled(program);
        return compiled != null && compiled.takes(context)
                ? compiled.run(environment, context, second, limit)
                : interpreter.run(program, environment, context, second);
    }

    /**
     * Compiles a program in the background, unless it was done, and tries it out.
     *
     * @return is completed when both are over, whether or not the program could be compiled
     */
    @Override
    public CompletableFuture<Void> prepare(Program program) {
        if (atOnce == Integer.MAX_VALUE) {
            compiled(program);
            return CompletableFuture.completedFuture(null);
        }
        if (!program.prepared().compareAndSet(null, Without.YET)) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(() -> tryOut(compile(program)), BACKGROUND);
    }

    private void tryOut(CompiledProgram compiled) {
        if (compiled != null) Trials.run(rehearsal, compiled.linked());
    }

    /** Null if there is no class of it yet. */
    private CompiledProgram compiled(Program program) {
        return switch (program.prepared().getAcquire()) {
            case CompiledProgram some when some.isWatched() == watcher.isPresent() -> some;
            case CompiledProgram _ -> compile(program);
            case null -> begin(program);
            default -> null;
        };
    }

    private CompiledProgram begin(Program program) {
        if (program.code().size() <= atOnce) return compile(program);
        var _ = prepare(program);
        return null;
    }

    /** Null if it can't be compiled. */
    private CompiledProgram compile(Program program) {
        try {
            var made = CompiledProgram.of(program, this::link, watcher);
            program.prepared().setRelease(made);
            return made;
        } catch (RuntimeException | LinkageError e) {
            program.prepared().setRelease(Without.EVER);
            LOG.log(Level.WARNING, "program {0} stays interpreted: {1}", program.name(), e);
            return null;
        }
    }

    /** A program that is jumped to is compiled at once: the run is in compiled code already. */
    private Linked link(Program program) {
        var some = program.prepared().getAcquire();
        boolean fits = some instanceof CompiledProgram c && c.isWatched() == watcher.isPresent();
        var compiled = fits ? (CompiledProgram) some : compile(program);
        if (compiled != null) return compiled.linked();
        throw new ProgramFault(program, 0, "a compiled program can't jump to one that is not");
    }
}
