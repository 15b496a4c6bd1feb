package io.jsockmap.bpf.verifier.explore;

/** How alike states must be for one to stand for the other. */
enum Exactness {
    /** Numbers on which nothing hung may differ. */
    LOOSE,
    /** All numbers of the later state are possible in the earlier one. */
    WITHIN,
    /** Everything is the same. */
    EXACT
}
