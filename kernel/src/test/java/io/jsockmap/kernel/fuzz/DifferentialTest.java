package io.jsockmap.kernel.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.kernel.fuzz.Differential.Mode;
import io.jsockmap.kernel.fuzz.Differential.Result;

import org.junit.jupiter.api.Test;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/** Compiled programs do what interpreted ones do. */
class DifferentialTest {
    private static final long PROGRAMS = Long.getLong("fuzz.programs", 100_000);

    private static final int RUNS = 2;
    private static final int SIZE = 1;

    @Test
    void provenProgramsDoWhatTheyDoInterpreted() {
        compare(Mode.PROVEN, PROGRAMS);
    }

    @Test
    void checkedProgramsDoWhatTheyDoInterpreted() {
        compare(Mode.CHECKED, PROGRAMS / 5);
    }

    @Test
    void programsInPiecesDoWhatTheyDoInterpreted() {
        compare(Mode.CUT, PROGRAMS / 10);
    }

    private static void compare(Mode mode, long programs) {
        long first = Long.getLong("fuzz.seed", 1);
        IO.println("programs of the seeds from %d on; -Dfuzz.seed=N for others".formatted(first));
        var different = new ConcurrentLinkedQueue<String>();
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
                                        different.add(
                                                "seed %d: %s%n%s".formatted(seed, what, draft));
                            }
                        });
        assertThat(different).isEmpty();
        assertThat(compared.sum()).as("compared").isGreaterThan(programs / 4);
    }
}
