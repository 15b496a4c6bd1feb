package io.jsockmap.bench.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Who else uses the CPUs meanwhile: their part tells whether figures can be trusted. */
final class Bystanders {
    private static final double TICKS = 100;

    /** Columns of /proc/stat: idle, iowait; and guests, who are in user time already. */
    private static final int IDLE = 3;

    private static final int IOWAIT = 4;
    private static final int GUESTS = 8;

    private final ProcessTree ours = new ProcessTree(ProcessHandle.current());
    private final long began = System.nanoTime();
    private final double others = others();

    private double others() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            return busy(lines.findFirst().orElseThrow()) / TICKS - ours.cpu();
        } catch (IOException _) {
            return 0;
        }
    }

    /** The ticks of the first line of /proc/stat in which a CPU did something. */
    static long busy(String total) {
        var ticks =
                Arrays.stream(total.split("\\s+", -1)).skip(1).mapToLong(Long::parseLong).toArray();
        long busy = 0;
        for (int i = 0; i < Math.min(GUESTS, ticks.length); i++) {
            if (i != IDLE && i != IOWAIT) busy += ticks[i];
        }
        return busy;
    }

    /** CPUs that others have used since this began, on average. */
    double cpus() {
        return Math.max(0, others() - others) / ((System.nanoTime() - began) / 1e9);
    }
}
