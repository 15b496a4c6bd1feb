package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.program.ExitWatcher;
import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;

import java.util.Optional;
import java.util.SplittableRandom;

/** Runs programs on both machines, and looks for what they do not do alike. For one thread. */
final class Differential {
    /** More than nearly all programs need: what takes longer is not compared. */
    private static final long LIMIT = 1 << 16;

    /** Compiled code counts few of its instructions: it shall not end a run before this. */
    private static final long COMPILED_LIMIT = 1 << 24;

    /** A {@code may_goto} loop that takes less is ended by the program, on any machine. */
    private static final long SHORT = LIMIT / 32;

    private final Side interpreted = new Side();
    private final Side compiled = new Side();
    private final Targets targets = new Targets();

    /** How a program is compiled. */
    enum Mode {
        /** By what the verifier has proved. */
        PROVEN,
        /** With all accesses checked; programs that are refused too. */
        CHECKED,
        /** By what was proved, in pieces of a few instructions. */
        CUT
    }

    /** What a comparison came to. */
    sealed interface Result {
        /** The program may not run. */
        record Refused() implements Result {}

        /**
         * No difference was seen.
         *
         * @param runs how many runs were compared
         */
        record Same(int runs) implements Result {}

        /** The machines do not do the same. */
        record Different(String what) implements Result {}
    }

    /**
     * Compares some runs of a program.
     *
     * @param seed decides what it is run on, and what it may jump to
     */
    Result of(Draft draft, Mode mode, int runs, long seed) {
        var random = new SplittableRandom(seed);
        boolean lines = random.nextInt(4) == 0;
        boolean checked = mode == Mode.CHECKED;
        Optional<Facts> facts = Optional.empty();
        if (!checked || lines) {
            var verification = Verifier.verify(draft.program(), Options.DEFAULT);
            if (!checked && !verification.isAccepted()) return new Result.Refused();
            facts = verification.facts();
            // What is refused may never set R0: then there is no line that did.
            lines &= verification.isAccepted();
        }
        var main = new Case.Part(draft, facts);
        var whole = new Case(main, targets.of(draft.type(), random), lines);
        var given = checked ? whole.checked() : whole;
        // What nobody is told of is not kept in registers: that makes other code.
        boolean watched = random.nextBoolean();
        int longest = random.nextInt(1, 12);
        interpreted.load(given, watcher -> interpreting(watched, watcher));
        compiled.load(given, watcher -> compiling(mode, longest, watched, watcher));
        return compare(given, runs, random);
    }

    private static Machine interpreting(boolean watched, ExitWatcher watcher) {
        var machine = new Interpreter(LIMIT);
        return watched ? machine.watchedBy(watcher) : machine;
    }

    private static Machine compiling(Mode mode, int longest, boolean watched, ExitWatcher watcher) {
        var machine = CompilingMachine.atOnce(COMPILED_LIMIT);
        if (mode == Mode.CUT) machine = machine.cuttingAbove(longest);
        return watched ? machine.watchedBy(watcher) : machine;
    }

    private Result compare(Case given, int runs, SplittableRandom random) {
        // All runs on one CPU, whichever threads there are.
        boolean entered = Cpu.enter();
        try {
            int compared = 0;
            for (int i = 0; i < runs; i++) {
                long seed = random.nextLong();
                var expected = interpreted.run(seed);
                if (!isComparable(given, expected)) {
                    compiled.skip(seed);
                    return new Result.Same(compared);
                }
                var wrong = difference(expected, compiled.run(seed));
                if (wrong.isPresent()) return new Result.Different(wrong.get());
                compared++;
            }
            return new Result.Same(compared);
        } finally {
            if (entered) Cpu.leave();
        }
    }

    private Optional<String> difference(Observation expected, Observation found) {
        if (compiled.instructions() != 0) return Optional.of("the program stays interpreted");
        return expected.difference(found);
    }

    /**
     * How many instructions a run takes is counted differently, so what hangs on that differs:
     * where a run is ended for it, and how often a {@code may_goto} loop goes around that has no
     * other end.
     */
    private boolean isComparable(Case given, Observation seen) {
        boolean counts =
                given.main().draft().operations().stream()
                        .anyMatch(op -> op.instruction().operation() instanceof MayGoto);
        if (seen.fault().isEmpty()) return !counts || interpreted.instructions() < SHORT;
        return !counts && !seen.fault().get().contains("ran for more");
    }
}
