package io.jsockmap.bench;

import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verification;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.kernel.Effort;
import io.jsockmap.kernel.KernelAnswer;
import io.jsockmap.kernel.KernelVerifier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Verifies all programs again and again in this process, and asks the kernel in between. */
final class Warm {
    private static final int MOST_RUNS = 201;
    private static final int FEWEST_RUNS = 21;
    private static final Duration ENOUGH = Duration.ofSeconds(2);

    private final List<Subject> subjects;
    private final boolean askKernel;

    Warm(List<Subject> subjects, boolean askKernel) {
        this.subjects = subjects.stream().filter(Warm::isAccepted).toList();
        this.askKernel = askKernel;
    }

    /** What is refused ends early, so it tells nothing. */
    private static boolean isAccepted(Subject subject) {
        return verify(subject).isAccepted();
    }

    private static Verification verify(Subject subject) {
        return Verifier.verify(subject.program(), Options.DEFAULT);
    }

    /** Runs all programs in turns until the JVM has compiled what they need. */
    void warmUp(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) subjects.forEach(Warm::verify);
    }

    List<Comparison> compare() {
        var progress = new Progress("verified warm", subjects.size());
        List<Comparison> all = new ArrayList<>();
        for (var subject : subjects) {
            all.add(compare(subject));
            progress.done(subject.name());
        }
        return all;
    }

    private Comparison compare(Subject subject) {
        var ours = new ArrayList<Long>();
        var kernel = new ArrayList<Long>();
        Optional<Effort> effort = Optional.empty();
        long enough = System.nanoTime() + ENOUGH.toNanos();
        while (ours.size() < FEWEST_RUNS
                || (ours.size() < MOST_RUNS && System.nanoTime() < enough)) {
            long start = System.nanoTime();
            verify(subject);
            ours.add(System.nanoTime() - start);
            var answer = answer(subject);
            answer.ifPresent(a -> kernel.add(a.nanoseconds()));
            effort = answer.flatMap(KernelAnswer::effort);
        }
        var theirs = effort.map(e -> Comparison.Side.of(Median.of(kernel), e));
        var statistics = verify(subject).statistics();
        return new Comparison(subject, Comparison.Side.of(Median.of(ours), statistics), theirs);
    }

    private Optional<KernelAnswer> answer(Subject subject) {
        if (!askKernel) return Optional.empty();
        return Optional.of(KernelVerifier.verify(subject.program(), 0))
                .filter(KernelAnswer::accepted);
    }
}
