package io.jsockmap.corpus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.corpus.fuzz.Differential.Mode;
import io.jsockmap.corpus.fuzz.Differential.Result;

import org.junit.jupiter.api.Test;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * For as long as {@code -Dfuzz.minutes=N} says: larger programs, and more runs, on both machines.
 */
class LongDifferentialTest {
    private static final long MINUTES = Long.getLong("fuzz.minutes", 0);

    private static final int RUNS = 4;

    @Test
    void noDifferenceIsFound() {
        assumeTrue(MINUTES > 0, "-Pfuzz -Dfuzz.minutes=N");
        long first = Long.getLong("fuzz.seed", System.nanoTime());
        IO.println("programs of the seeds from %d on; -Dfuzz.seed=N for others".formatted(first));
        var different = new Differences(RUNS);
        var machines = new Differential();
        Map<Mode, Long> compared = new EnumMap<>(Mode.class);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        long seed = first;
        for (; System.nanoTime() < end; seed++) {
            // Size and mode belong to the seed, so that one number replays a program.
            var dice = new SplittableRandom(seed);
            var draft = Generator.forMachines(seed, dice.nextInt(1, 5));
            var mode = List.of(Mode.values()).get(dice.nextInt(Mode.values().length));
            switch (machines.of(draft, mode, RUNS, seed)) {
                case Result.Refused _ -> {}
                case Result.Same(int runs) -> compared.merge(mode, (long) runs, Long::sum);
                case Result.Different(var what) -> different.add(draft, mode, seed, what);
            }
        }
        IO.println("%d programs; runs compared: %s".formatted(seed - first, compared));
        assertThat(different.all()).isEmpty();
    }
}
