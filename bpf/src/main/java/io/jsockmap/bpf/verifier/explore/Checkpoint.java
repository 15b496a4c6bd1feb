package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.verifier.state.State;

/** A state that is kept, to be compared with those of other paths at the same instruction. */
final class Checkpoint {
    final State state;
    final Checkpoint parent;
    final int slot;

    /** How many checkpoints lie before it on its path. */
    final int depth;

    /** How many paths from here have not come to their ends. */
    int branches = 1;

    boolean cleaned;
    int hits;
    int misses;

    Checkpoint(State state, Checkpoint parent, int slot) {
        this.state = state;
        this.parent = parent;
        this.slot = slot;
        depth = parent == null ? 0 : parent.depth + 1;
    }

    /** Whether all paths from here were walked to their ends. */
    boolean isComplete() {
        return branches == 0;
    }
}
