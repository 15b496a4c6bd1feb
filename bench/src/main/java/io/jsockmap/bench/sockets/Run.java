package io.jsockmap.bench.sockets;

import com.sun.management.ThreadMXBean;

import io.jsockmap.bench.Median;
import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.sockmap.UserEngine;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A number of sockets in a JVM of their own, and what they and their messages cost. */
final class Run {
    private static final int SAMPLES = 21;
    private static final int MESSAGES = 200_000;
    private static final int WARM_UP = 3_000_000;

    /** As many pairs have something to do while the others are idle. */
    private static final int FEW = 16;

    private Run() {}

    /**
     * What was measured.
     *
     * @param kib heap for each socket
     * @param all nanoseconds for a message where all pairs take turns
     * @param few the same where a few do
     * @param verdict nanoseconds for its verdict, which is part of that
     * @param allocated bytes allocated for a message; the driver makes a chunk of each, which
     *     counts
     */
    record Figures(double kib, double all, double few, double verdict, double allocated) {
        static Figures parse(String text) {
            var parts = text.split(" ", -1);
            return new Figures(
                    Double.parseDouble(parts[0]),
                    Double.parseDouble(parts[1]),
                    Double.parseDouble(parts[2]),
                    Double.parseDouble(parts[3]),
                    Double.parseDouble(parts[4]));
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%f %f %f %f %f", kib, all, few, verdict, allocated);
        }
    }

    static void main(String[] arguments) {
        IO.println(measure(Integer.parseInt(arguments[0])));
    }

    private static Figures measure(int sockets) {
        var settings = UserEngine.Settings.DEFAULT.with(machine());
        long before = used();
        try (var pairs = new Pairs(settings, sockets)) {
            double kib = (used() - before) / 1024.0 / sockets;
            pairs.move(WARM_UP, pairs.count());
            double all = nanos(pairs, pairs.count());
            double few = nanos(pairs, Math.min(FEW, pairs.count()));
            return new Figures(kib, all, few, verdict(), allocated(pairs));
        }
    }

    private static Machine machine() {
        return CompilingMachine.atOnce(1_000_000);
    }

    private static long used() {
        for (int k = 0; k < 3; k++) System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static double nanos(Pairs pairs, int taking) {
        List<Long> samples = new ArrayList<>();
        for (int k = 0; k < SAMPLES; k++) {
            long start = System.nanoTime();
            pairs.move(MESSAGES, taking);
            samples.add(System.nanoTime() - start);
        }
        return (double) Median.of(samples) / MESSAGES;
    }

    /** Apart, as a clock that is read twice costs as much as many a verdict. */
    private static double verdict() {
        var timed = new Timed(machine());
        try (var pairs = new Pairs(UserEngine.Settings.DEFAULT.with(timed), 2 * FEW)) {
            pairs.move(WARM_UP, FEW);
            var _ = timed.mean();
            Timed.clock();
            pairs.move(SAMPLES * MESSAGES, FEW);
            return timed.mean() - Timed.clock();
        }
    }

    private static double allocated(Pairs pairs) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        pairs.move(MESSAGES, pairs.count());
        return (double) (threads.getCurrentThreadAllocatedBytes() - before) / MESSAGES;
    }
}
