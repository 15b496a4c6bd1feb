package io.jsockmap.corpus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.corpus.fuzz.Differential.Mode;
import io.jsockmap.corpus.fuzz.Differential.Result;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/** Compiled programs do what interpreted ones do. */
class DifferentialTest {
    private static final long PROGRAMS = Long.getLong("fuzz.programs", 1_000);

    private static final int RUNS = 2;
    private static final int SIZE = 1;

    @Test
    void provenProgramsDoWhatTheyDoInterpreted() {
        compare(Mode.PROVEN, PROGRAMS);
    }

    @Test
    void checkedProgramsDoWhatTheyDoInterpreted() {
        compare(Mode.CHECKED, PROGRAMS / 10);
    }

    @Test
    void programsInPiecesDoWhatTheyDoInterpreted() {
        compare(Mode.CUT, PROGRAMS / 20);
    }

    private static void compare(Mode mode, long programs) {
        long first = Long.getLong("fuzz.seed", 1);
        IO.println("programs of the seeds from %d on; -Dfuzz.seed=N for others".formatted(first));
        var different = new Differences(RUNS);
        var compared = new LongAdder();
        // Engines are for one thread.
        var perThread = ThreadLocal.withInitial(Differential::new);
        LongStream.range(first, first + programs)
                .parallel()
                .forEach(
                        seed -> {
                            var draft = Generator.forMachines(seed, SIZE);
                            switch (perThread.get().of(draft, mode, RUNS, seed)) {
                                case Result.Same(int runs) when runs > 0 -> compared.increment();
                                case Result.Same _, Result.Refused _ -> {}
                                case Result.Different(var what) ->
                                        different.add(draft, mode, seed, what);
                            }
                        });
        assertThat(different.all()).isEmpty();
        assertThat(compared.sum()).as("compared").isGreaterThan(programs / 2);
    }

    private static final Draft SOME =
            Drafts.of(
                    Insns.value(2, FuzzMap.ONE, 8),
                    Insns.storeConstant(8, 2, 0, 5),
                    Insns.call(7),
                    Insns.set(7, 3),
                    Insns.set(0, 1),
                    Insns.exit());

    /** What is seen of a run in which a line is another. */
    private static Observation with(int line, Instruction instead) {
        var lines = new ArrayList<>(SOME.lines());
        lines.set(line, Drafts.op(instead));
        var part = new Case.Part(SOME.with(lines), Optional.empty());
        var side = new Side();
        side.load(new Case(part, List.of(), true), watcher -> new Interpreter().watchedBy(watcher));
        return side.run(1);
    }

    @Test
    void aDifferenceIsNotMissed() {
        var expected = with(4, Insns.set(0, 1));

        assertThat(expected.difference(with(4, Insns.set(0, 1)))).isEmpty();
        assertSeen(expected, with(1, Insns.storeConstant(8, 2, 0, 6)), "maps one");
        assertSeen(expected, with(2, Insns.call(8)), "calls");
        assertSeen(expected, with(3, Insns.set(7, 4)), "registers");
        assertSeen(expected, with(3, Insns.load(8, 7, 7, 0)), "fault");
        assertSeen(expected, with(4, Insns.set(0, 2)), "R0");
        assertSeen(expected, with(4, Insns.set(5, 2)), "R0");
    }

    private static void assertSeen(Observation expected, Observation other, String where) {
        assertThat(expected.difference(other))
                .hasValueSatisfying(what -> assertThat(what).startsWith(where));
    }
}
