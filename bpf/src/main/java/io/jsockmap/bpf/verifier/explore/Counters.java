package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.verifier.rule.Statistics;

/** How much was looked at. */
final class Counters {
    private int instructions;
    private int jumps;
    private int instructionsAtLast;
    private int jumpsAtLast;
    private int states;
    private int keptStates;
    private int peak;
    private int mostAtOne;

    /** An instruction is looked at; gives how many were. */
    int instruction(boolean jump) {
        if (jump) jumps++;
        return ++instructions;
    }

    int instructions() {
        return instructions;
    }

    /** Whether that much was looked at since the last checkpoint: of both. */
    boolean isFar(int jumps, int instructions) {
        return this.jumps - jumpsAtLast >= jumps
                && this.instructions - instructionsAtLast >= instructions;
    }

    /** Whether that much was looked at since the last checkpoint: of one. */
    boolean isBeyond(int jumps, int instructions) {
        return this.jumps - jumpsAtLast >= jumps
                || this.instructions - instructionsAtLast >= instructions;
    }

    /** Another state is kept. */
    void kept(int atOne) {
        states++;
        keptStates++;
        peak = Math.max(peak, keptStates);
        mostAtOne = Math.max(mostAtOne, atOne);
        jumpsAtLast = jumps;
        instructionsAtLast = instructions;
    }

    /** A state is given up. */
    void forgotten() {
        keptStates--;
    }

    Statistics statistics() {
        return new Statistics(instructions, mostAtOne, states, peak);
    }
}
