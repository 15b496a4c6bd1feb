package io.jsockmap.bpf.compiler;

import io.jsockmap.bpf.compiler.emit.ProgramCompiler;
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
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="machines"}
 */
public final class CompilingMachine implements Machine {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.bpf.compiler");

    /** Slots of a program that is compiled at once; that takes a few milliseconds. */
    private static final int SHORT = 512;

    /** One thread: compiling is not to take the CPUs from what runs. */
    private static final ExecutorService BACKGROUND =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform()
                            .name("jsockmap-compiler")
                            .daemon()
                            .inheritInheritableThreadLocals(false)
                            .factory());

    private final Interpreter interpreter;
    private final Optional<ExitWatcher> watcher;
    private final long limit;
    private final int atOnce;
    private final int longest;
    private final Rehearsal rehearsal;

    private CompilingMachine(
            long limit,
            int atOnce,
            int longest,
            Optional<ExitWatcher> watcher,
            Rehearsal rehearsal) {
        this.rehearsal = rehearsal;
        this.longest = longest;
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
        this(
                Interpreter.DEFAULT_LIMIT,
                SHORT,
                ProgramCompiler.LONGEST,
                Optional.empty(),
                rehearsal);
    }

    /**
     * A machine that compiles every program before it runs first.
     *
     * @param limit how many instructions a run may take before it is ended with a fault, as far as
     *     they are not known to come to an end
     */
    public static CompilingMachine atOnce(long limit) {
        return new CompilingMachine(
                limit,
                Integer.MAX_VALUE,
                ProgramCompiler.LONGEST,
                Optional.empty(),
                Rehearsal.NONE);
    }

    /**
     * The same with another limit.
     *
     * @param instructions how many a run may take before it is ended with a fault, as far as {@link
     *     #atOnce} says
     */
    public CompilingMachine limitedTo(long instructions) {
        return new CompilingMachine(instructions, atOnce, longest, watcher, rehearsal);
    }

    /** The same, telling what programs leave in their registers. */
    public CompilingMachine watchedBy(ExitWatcher watcher) {
        return new CompilingMachine(limit, atOnce, longest, Optional.of(watcher), rehearsal);
    }

    /**
     * The same, cutting functions that need not be: for tests of how pieces go together.
     *
     * @param longest how many instructions a function has at most that stays whole
     */
    public CompilingMachine cuttingAbove(int longest) {
        return new CompilingMachine(limit, atOnce, longest, watcher, rehearsal);
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
        // Trials stand behind what is to be compiled by then.
        return CompletableFuture.supplyAsync(() -> inBackground(program), BACKGROUND)
                .thenAcceptAsync(this::tryOut, BACKGROUND);
    }

    /** Whatever goes wrong, somebody waits for an answer. */
    private Optional<CompiledProgram> inBackground(Program program) {
        try {
            return Optional.ofNullable(compile(program));
        } catch (Error e) {
            LOG.log(Level.WARNING, "program {0} stays interpreted: {1}", program.name(), why(e));
            return Optional.empty();
        } finally {
            program.prepared().compareAndSet(Without.YET, Without.EVER);
        }
    }

    private void tryOut(Optional<CompiledProgram> compiled) {
        try {
            compiled.ifPresent(some -> Trials.run(rehearsal, some.linked()));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.DEBUG, "a trial failed, which nothing depends on", e);
        }
    }

    /** Null if there is no class of it yet. */
    private CompiledProgram compiled(Program program) {
        var state = program.prepared().getAcquire();
        // Not a switch by patterns, which costs as much as a short program.
        if (state instanceof CompiledProgram some && fits(some)) return some;
        if (state == Without.EVER) return null;
        return program.code().size() <= atOnce ? compile(program) : later(program);
    }

    private boolean fits(CompiledProgram some) {
        return some.isWatched() == watcher.isPresent();
    }

    private CompiledProgram later(Program program) {
        var _ = prepare(program);
        return null;
    }

    /**
     * Null if it can't be compiled. Of several that are made at the same time, the first counts.
     */
    private CompiledProgram compile(Program program) {
        var before = program.prepared().getAcquire();
        if (before instanceof CompiledProgram some && fits(some)) return some;
        try {
            var made = CompiledProgram.of(program, this::link, watcher, longest);
            if (program.prepared().compareAndSet(before, made)) return made;
            return program.prepared().getAcquire() instanceof CompiledProgram other && fits(other)
                    ? other
                    : made;
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            program.prepared().setRelease(Without.EVER);
            LOG.log(Level.WARNING, "program {0} stays interpreted: {1}", program.name(), why(e));
            return null;
        }
    }

    /** The JVM tells of a class that it refuses on many lines. */
    private static String why(Throwable refused) {
        return refused.toString().lines().findFirst().orElse("");
    }

    /**
     * A program that is jumped to is compiled at once: the run is in compiled code already. If that
     * can't be, the run faults, and the program that jumps stays interpreted from now on.
     */
    private Linked link(Program from, Program target) {
        var state = target.prepared().getAcquire();
        var compiled = state == Without.EVER ? null : compile(target);
        if (compiled != null) return compiled.linked();
        from.prepared().setRelease(Without.EVER);
        throw new ProgramFault(target, 0, "a compiled program can't jump to one that is not");
    }
}
