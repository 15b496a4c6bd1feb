package io.jsockmap.bench.path;

import java.time.Duration;

/** How long all measurements together may wait for a machine that others use too. */
final class Patience {
    /** CPUs of others from which on a measurement counts as disturbed; ticks are not exact. */
    private static final double DISTURBED = 0.2;

    private static final Duration PROBE = Duration.ofMillis(250);

    private Duration left;

    Patience(Duration left) {
        this.left = left;
    }

    static boolean isDisturbed(double cpus) {
        return cpus > DISTURBED;
    }

    /**
     * Waits until the machine is quiet.
     *
     * @param repeating what it takes to measure once more
     * @return whether that is worth it; false once there is no time left to wait
     */
    boolean awaitQuiet(Duration repeating) throws InterruptedException {
        left = left.minus(repeating);
        while (left.isPositive()) {
            var others = new Bystanders();
            Thread.sleep(PROBE);
            left = left.minus(PROBE);
            if (!isDisturbed(others.cpus())) return true;
        }
        return false;
    }
}
