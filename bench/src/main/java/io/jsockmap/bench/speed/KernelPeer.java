package io.jsockmap.bench.speed;

import io.jsockmap.bench.Median;
import io.jsockmap.kernel.KernelRun;
import io.jsockmap.kernel.KernelVerifier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/** The running kernel, by BPF_PROG_TEST_RUN. Nothing is attached. */
final class KernelPeer implements Peer {
    private static final int ROUNDS = 301;

    /** Less than a turn of the scheduler, so that most rounds have the CPU for themselves. */
    private static final long ROUND = Duration.ofMillis(1).toNanos();

    private static final int FIRST = 10_000;

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public Optional<String> missing() {
        var availability = KernelVerifier.availability();
        return Optional.of(availability.reason()).filter(_ -> !availability.usable());
    }

    /** What it does around each run is not for the program. */
    @Override
    public boolean isNet() {
        return true;
    }

    @Override
    public double measure(SpeedSubject subject) {
        var program = subject.load(subject.file());
        try (var run = KernelRun.open(program)) {
            for (var map : program.maps()) {
                for (var element : subject.elementsOf(map)) {
                    run.update(map, element.key(), element.value());
                }
            }
            subject.check(name(), run.run(subject.packet(), 1).value());
            int first = run.run(subject.packet(), FIRST).nanoseconds();
            int repeat = (int) Math.max(1, ROUND / Math.max(1, first));
            var rounds = new ArrayList<Long>();
            for (int i = 0; i < ROUNDS; i++) {
                rounds.add((long) run.run(subject.packet(), repeat).nanoseconds());
            }
            return Median.of(rounds);
        }
    }
}
