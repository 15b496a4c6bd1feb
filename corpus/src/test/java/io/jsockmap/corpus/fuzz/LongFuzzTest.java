package io.jsockmap.corpus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.corpus.fuzz.Soundness.Result;
import io.jsockmap.kernel.KernelVerifier;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** For as long as {@code -Dfuzz.minutes=N} says: larger programs, more runs, and the kernel. */
class LongFuzzTest {
    private static final long MINUTES = Long.getLong("fuzz.minutes", 0);

    private static final int RUNS = 5;

    @Test
    void nothingUnsoundIsFound() {
        assumeTrue(MINUTES > 0, "-Pfuzz -Dfuzz.minutes=N");
        long first = Long.getLong("fuzz.seed", System.nanoTime());
        IO.println("programs of the seeds from %d on; -Dfuzz.seed=N for others".formatted(first));
        boolean kernel = KernelVerifier.availability().usable();
        var disagreements = new Disagreements();
        var soundness = new Soundness();
        Map<String, String> unsound = new TreeMap<>();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        long seed = first;
        for (; System.nanoTime() < end; seed++) {
            // The size belongs to the seed, so that one number replays a program.
            var draft = Generator.draft(seed, size(seed));
            if (soundness.of(draft, RUNS, seed) instanceof Result.Unsound(var what)) {
                note(unsound, draft, seed, what);
            }
            if (kernel) disagreements.compare(draft, seed).ifPresent(IO::println);
        }
        IO.println("%d programs".formatted(seed - first));
        IO.println(disagreements);
        assertThat(unsound.values()).isEmpty();
    }

    private static int size(long seed) {
        return new SplittableRandom(seed).nextInt(1, 5);
    }

    /** The first of its kind is made small, and printed at once. */
    private static void note(Map<String, String> unsound, Draft draft, long seed, String what) {
        var shape = Comparison.shape(what);
        if (unsound.containsKey(shape)) return;
        var small = Reducer.reduce(draft, candidate -> isUnsound(candidate, seed, shape));
        var text = "seed %d: %s%n%s".formatted(seed, what, small);
        unsound.put(shape, text);
        IO.println(text);
    }

    private static boolean isUnsound(Draft draft, long seed, String shape) {
        try {
            return new Soundness().of(draft, RUNS, seed) instanceof Result.Unsound(var what)
                    && Comparison.shape(what).equals(shape);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
