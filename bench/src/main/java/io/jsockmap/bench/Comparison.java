package io.jsockmap.bench;

import io.jsockmap.bpf.verifier.rule.Statistics;
import io.jsockmap.kernel.Effort;

import java.util.Optional;

/**
 * What verifying a program takes, here and in the kernel.
 *
 * @param ours medians of ours
 * @param kernel the same of the kernel, if it can be asked
 */
record Comparison(Subject subject, Side ours, Optional<Side> kernel) {

    /**
     * What it takes on one side.
     *
     * @param nanoseconds the median of many runs
     * @param instructions instructions looked at, on all paths together
     * @param states states kept in all
     */
    record Side(long nanoseconds, long instructions, long states) {
        static Side of(long nanoseconds, Statistics statistics) {
            return new Side(nanoseconds, statistics.instructions(), statistics.states());
        }

        static Side of(long nanoseconds, Effort effort) {
            return new Side(nanoseconds, effort.instructions(), effort.totalStates());
        }

        double nanosecondsPerInstruction() {
            return (double) nanoseconds / instructions;
        }
    }

    /** Our time by the kernel's. */
    Optional<Double> time() {
        return kernel.map(k -> (double) ours.nanoseconds / k.nanoseconds);
    }

    /** Our states by the kernel's; a program without branches has none. */
    Optional<Double> states() {
        return kernel.filter(k -> k.states > 0).map(k -> (double) ours.states / k.states);
    }

    /** Our instructions by the kernel's. */
    Optional<Double> instructions() {
        return kernel.map(k -> (double) ours.instructions / k.instructions);
    }
}
